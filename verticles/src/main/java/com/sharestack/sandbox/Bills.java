package com.sharestack.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rails' bills of a day, with what tests plant in them. */
final class Bills {

  private static final long LINK_SECONDS = 30;
  private static final int MAX_LINKS = 200;
  private static final int MAX_PLANTED = 10_000;

  /**
   * @param outRefundNo null for a payment
   * @param amountFen positive
   * @param feeFen positive for payments, negative (given back) for refunds
   */
  record Line(
      String outTradeNo,
      String transactionId,
      String outRefundNo,
      String refundId,
      long amountFen,
      long feeFen,
      String status,
      Instant at,
      String subject,
      long orderFen,
      String payer) {

    boolean refund() {
      return outRefundNo != null;
    }

    Line with(long amount, long fee, String state) {
      return new Line(
          outTradeNo,
          transactionId,
          outRefundNo,
          refundId,
          amount,
          fee,
          state,
          at,
          subject,
          refund() ? orderFen : amount,
          payer);
    }
  }

  private record Link(Buffer bytes, Instant until) {}

  private record Planted(TwinRail rail, LocalDate day, JsonObject difference) {}

  private final Twin twin;
  private final List<Planted> planted = new ArrayList<>();
  private final Map<String, Link> links = new LinkedHashMap<>();

  Bills(Twin twin) {
    this.twin = twin;
  }

  void reset() {
    planted.clear();
    links.clear();
  }

  void plant(TwinRail rail, LocalDate day, JsonObject difference) {
    if (planted.size() >= MAX_PLANTED) {
      throw new IllegalArgumentException("more than " + MAX_PLANTED + " differences");
    }
    String kind = difference.getString("kind", "");
    if (!List.of("missing_here", "missing_there", "amount", "status", "fee").contains(kind)) {
      throw new IllegalArgumentException("kind");
    }
    if (rail == TwinRail.ALIPAY && kind.equals("status")) {
      throw new IllegalArgumentException("Alipay's bill has no status");
    }
    planted.add(new Planted(rail, day, difference));
  }

  /** WeChat's answer: link and hash; the hash is of the unpacked text. */
  JsonObject wechat(LocalDate day) {
    ready(day, LocalTime.of(10, 0));
    byte[] text = BillText.wechat(lines(TwinRail.WECHAT, day));
    return new JsonObject()
        .put("hash_type", "SHA1")
        .put("hash_value", TwinCrypto.sha1(text))
        .put("download_url", link("/v3/billdownload/file?token=", BillText.gzip(text)));
  }

  /** Alipay's link. */
  String alipay(LocalDate day) {
    ready(day, LocalTime.of(9, 0));
    return link(
        "/bill/download.resource?token=", BillText.alipay(day, lines(TwinRail.ALIPAY, day)));
  }

  private void ready(LocalDate day, LocalTime time) {
    Instant from = day.plusDays(1).atTime(time).atZone(TwinClock.BEIJING).toInstant();
    if (twin.clock().now().isBefore(from)) {
      throw new TwinError(TwinError.Kind.NO_BILL);
    }
  }

  private String link(String path, byte[] bytes) {
    String token = twin.book().draw(40);
    links.put(token, new Link(Buffer.buffer(bytes), twin.clock().now().plusSeconds(LINK_SECONDS)));
    if (links.size() > MAX_LINKS) {
      links.remove(links.keySet().iterator().next());
    }
    return twin.url(path + token);
  }

  /** Unsigned, as at the real ones. */
  TwinAnswer download(String token) {
    Link link = links.get(token);
    if (link == null || twin.clock().now().isAfter(link.until())) {
      throw new TwinError(TwinError.Kind.NO_BILL, "链接已过期");
    }
    return TwinAnswer.of(200, "application/octet-stream", link.bytes());
  }

  private List<Line> lines(TwinRail rail, LocalDate day) {
    List<Line> lines = new ArrayList<>();
    for (Order order : twin.book().all().reversed()) {
      if (order.terms.rail() == rail) {
        add(lines, order, day);
      }
    }
    planted.stream()
        .filter(one -> one.rail() == rail && one.day().equals(day))
        .forEach(one -> change(lines, one.difference(), day));
    return lines;
  }

  private void add(List<Line> lines, Order order, LocalDate day) {
    for (Order.Payment paid : order.payments) {
      if (TwinClock.day(paid.at()).equals(day)) {
        lines.add(
            new Line(
                order.terms.outTradeNo(),
                paid.transactionId(),
                null,
                null,
                paid.fen(),
                paid.feeFen(),
                "SUCCESS",
                paid.at(),
                order.terms.subject(),
                paid.fen(),
                order.payer));
      }
    }
    for (TwinRefund refund : order.refunds.values()) {
      if (refund.doneAt != null
          && refund.state == TwinRefund.State.SUCCESS
          && TwinClock.day(refund.doneAt).equals(day)) {
        long fee = fee(refund.amountFen);
        lines.add(
            new Line(
                order.terms.outTradeNo(),
                order.transactionId,
                refund.outRefundNo,
                refund.refundId,
                refund.amountFen,
                -fee,
                "SUCCESS",
                refund.doneAt,
                order.terms.subject(),
                order.paidFen,
                order.payer));
      }
    }
  }

  private long fee(long fen) {
    return Math.floorDiv(fen * twin.options().feeBasisPoints() + 5_000, 10_000);
  }

  private void change(List<Line> lines, JsonObject difference, LocalDate day) {
    String number = difference.getString("out_trade_no");
    String refundNo = difference.getString("out_refund_no");
    String kind = difference.getString("kind").toLowerCase(Locale.ROOT);
    if (kind.equals("missing_here")) {
      long fen = difference.getLong("amount_fen", 100L);
      Instant at = day.atTime(12, 0).atZone(TwinClock.BEIJING).toInstant();
      String made = number == null ? "ghost" + twin.book().draw(15) : number;
      lines.add(
          new Line(
              made,
              "4200" + twin.book().digits(24),
              null,
              null,
              fen,
              fee(fen),
              "SUCCESS",
              at,
              "沙箱植入",
              fen,
              "ghost"));
      return;
    }
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (line.outTradeNo().equals(number)
          && java.util.Objects.equals(line.outRefundNo(), refundNo)) {
        long delta = difference.getLong("delta_fen", 1L);
        switch (kind) {
          case "missing_there" -> lines.remove(i--);
          case "amount" ->
              lines.set(i, line.with(line.amountFen() + delta, line.feeFen(), line.status()));
          case "fee" ->
              lines.set(i, line.with(line.amountFen(), line.feeFen() + delta, line.status()));
          default ->
              lines.set(
                  i,
                  line.with(
                      line.amountFen(),
                      line.feeFen(),
                      difference.getString("status", "PROCESSING")));
        }
      }
    }
  }
}
