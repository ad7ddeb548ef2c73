package com.sharestack.billing.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.rails.Inbound;
import com.sharestack.billing.reconciliation.ReconciliationRepository.Difference;
import com.sharestack.billing.reconciliation.ReconciliationRepository.Run;
import com.sharestack.billing.reconciliation.Reconciliations;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PaymentStatus;
import com.sharestack.contract.ReconciliationDifferenceKind;
import com.sharestack.contract.ReconciliationDifferenceStatus;
import com.sharestack.contract.ReconciliationPlatform;
import com.sharestack.contract.ReconciliationResolve;
import com.sharestack.contract.ReconciliationStatus;
import com.sharestack.contract.RefundReview;
import com.sharestack.platform.jobs.Job;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconciliationTest {

  private static final long STAFF = 900;
  private static final LocalDate DAY = LocalDate.of(2026, 11, 2);
  private static final Instant NOON = Instant.parse("2026-11-02T04:00:00Z");

  /** Eleven o'clock in Shanghai. */
  private static final Instant NEXT_DAY = Instant.parse("2026-11-03T03:00:00Z");

  private static PaymentBench bench(String name) {
    PaymentBench bench = new PaymentBench(name);
    bench.rails.clock.set(NOON);
    return bench;
  }

  private static String start(PaymentBench bench, Reconciliations all, String platform) {
    return bench.node.await(
        () -> all.start(PaymentBench.payer(STAFF), DAY, ReconciliationPlatform.of(platform)));
  }

  /** Does what is due. */
  private static void work(PaymentBench bench, Reconciliations all) {
    bench.node.await(
        () -> {
          List<Job> jobs = all.queue().claim(Reconciliations.JOB, 4);
          while (!jobs.isEmpty()) {
            jobs.forEach(all::step);
            jobs = all.queue().claim(Reconciliations.JOB, 4);
          }
          return null;
        });
  }

  private static Run run(PaymentBench bench, Reconciliations all, String platform) {
    String id = start(bench, all, platform);
    work(bench, all);
    return find(bench, all, id);
  }

  private static Run find(PaymentBench bench, Reconciliations all, String id) {
    return bench.node.await(() -> all.runs().find(bench.node.db(), id).orElseThrow());
  }

  private static List<Difference> differences(PaymentBench bench, Reconciliations all, Run run) {
    return bench.node.await(() -> all.runs().differences(bench.node.db(), run.id(), null, 100, 0));
  }

  private static Set<String> open(PaymentBench bench, Reconciliations all, Run run) {
    Set<String> found = new TreeSet<>();
    for (Difference one : differences(bench, all, run)) {
      if (one.status() == ReconciliationDifferenceStatus.OPEN) {
        String number =
            one.found().outRefundNo() == null
                ? one.found().outTradeNo()
                : one.found().outRefundNo();
        assertTrue(found.add(one.found().kind().literal() + " " + number), "twice: " + one);
      }
    }
    return found;
  }

  private static void plant(
      PaymentBench bench, String rail, String kind, String number, String refund, long delta) {
    JsonObject one = new JsonObject().put("kind", kind).put("out_trade_no", number);
    if (refund != null) {
      one.put("out_refund_no", refund);
    }
    one.put("delta_fen", delta).put("amount_fen", 1_000 + delta);
    bench.rails.control(
        "/bills",
        new JsonObject()
            .put("rail", rail)
            .put("date", DAY.toString())
            .put("differences", new JsonArray().add(one)));
  }

  private record Back(String number, String refundNo) {}

  @ParameterizedTest
  @CsvSource({"wechat, 1", "wechat, 2", "alipay, 3", "alipay, 4"})
  void everyPlantedDifferenceIsFoundAndNoneIsInvented(String rail, long seed) {
    Random random = new Random(seed);
    try (PaymentBench bench = bench("recon_" + rail + "_" + seed)) {
      Reconciliations all = new Reconciliations(bench.core);
      List<PaymentRow> sold = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        PaymentRow row = bench.pending(bench.order(1 + random.nextInt(20_000)), rail);
        bench.deliver(row, bench.pay(row));
        sold.add(bench.again(row));
      }
      List<PaymentRow> refunded = sold.subList(18, 24);
      PaymentRow mismatch = bench.pending(rail);
      bench.deliver(
          mismatch, bench.pay(mismatch, new JsonObject().put("amount_fen", 333)).getFirst());
      PaymentRow twice = bench.paid(rail);
      bench.deliver(twice, bench.pay(twice, new JsonObject().put("again", true)).getFirst());
      RefundReviews reviews = new RefundReviews(bench.core);
      for (PaymentRow row : refunded) {
        String id = bench.refund(row, random.nextBoolean() ? null : "0.01");
        if ("pending".equals(bench.text("SELECT status FROM refunds WHERE public_id = ?", id))) {
          bench.node.await(
              () -> {
                reviews.decide(
                    PaymentBench.payer(STAFF), id, new RefundReview("approve", null, null));
                return null;
              });
        }
      }
      bench.finishRefunds();
      PaymentRow silent = bench.pending(rail);
      bench.payInSilence(silent);
      bench.rails.clock.set(NEXT_DAY);

      Run clean = run(bench, all, rail);
      assertEquals(Set.of(), open(bench, all, clean), "nothing was planted");
      assertEquals(ReconciliationStatus.PASSED, clean.status(), String.valueOf(clean.error()));
      assertEquals(1, clean.differenceCount(), "the late success");
      assertEquals(PaymentStatus.COMPLETED, bench.again(silent).status());
      assertEquals(1, bench.grants(silent));
      assertTrue(clean.totalCount() >= 35, clean.toString());

      Set<String> expected = new TreeSet<>();
      Collections.shuffle(sold.subList(0, 18), random);
      List<String> kinds = List.of("missing_there", "amount", "fee", "missing_here");
      for (int i = 0; i < 12; i++) {
        String kind = kinds.get(i % 4);
        String number = sold.get(i).tradeNo();
        plant(bench, rail, kind, number, null, 1 + random.nextInt(50));
        expected.add(name(kind) + " " + number);
      }
      plant(bench, rail, "missing_here", "GHOST" + seed, null, 7);
      expected.add("missing_local GHOST" + seed);
      plant(bench, rail, "amount", sold.get(12).tradeNo(), null, 3);
      plant(bench, rail, "fee", sold.get(12).tradeNo(), null, 5);
      expected.add("amount_mismatch " + sold.get(12).tradeNo());
      expected.add("fee_mismatch " + sold.get(12).tradeNo());
      List<Back> backs = backs(bench, refunded);
      plant(bench, rail, "missing_there", backs.get(0).number(), backs.get(0).refundNo(), 0);
      expected.add("missing_channel " + backs.get(0).refundNo());
      plant(bench, rail, "amount", backs.get(1).number(), backs.get(1).refundNo(), 2);
      expected.add("amount_mismatch " + backs.get(1).refundNo());
      plant(bench, rail, "fee", backs.get(2).number(), backs.get(2).refundNo(), 1);
      expected.add("fee_mismatch " + backs.get(2).refundNo());
      if (rail.equals("wechat")) {
        plant(bench, rail, "status", sold.get(13).tradeNo(), null, 0);
        expected.add("status_mismatch " + sold.get(13).tradeNo());
        plant(bench, rail, "status", backs.get(3).number(), backs.get(3).refundNo(), 0);
        expected.add("status_mismatch " + backs.get(3).refundNo());
      }

      Run planted = run(bench, all, rail);
      assertEquals(expected, open(bench, all, planted));
      assertEquals(ReconciliationStatus.FAILED, planted.status());
      assertEquals(expected.size(), planted.differenceCount());
      assertEquals(
          expected.size(),
          bench.number(
              "SELECT COUNT(*) FROM payment_tickets WHERE kind LIKE 'recon_%' AND status ="
                  + " 'open'"));

      // the same day once more: the same differences, no further ticket
      Run again = run(bench, all, rail);
      assertEquals(expected, open(bench, all, again));
      assertEquals(
          expected.stream().filter(one -> !one.startsWith("missing_local")).count(),
          bench.number(
              "SELECT COUNT(*) FROM payment_tickets WHERE kind LIKE 'recon_%' AND kind <>"
                  + " 'recon_missing_local'"),
          "the sandbox draws new transactions for its ghosts at every download");

      resolveFees(bench, all, again);
      Run last = run(bench, all, rail);
      expected.removeIf(one -> one.startsWith("fee_mismatch"));
      assertEquals(expected, open(bench, all, last), "booked fees are no difference any more");
      assertEquals(ReconciliationStatus.PASSED, run(bench, all, "internal").status(), "the books");
      bench.requireBooks();
    }
  }

  private static String name(String planted) {
    return switch (planted) {
      case "missing_there" -> "missing_channel";
      case "missing_here" -> "missing_local";
      default -> planted + "_mismatch";
    };
  }

  private static List<Back> backs(PaymentBench bench, List<PaymentRow> refunded) {
    return refunded.stream()
        .map(
            row ->
                new Back(
                    row.tradeNo(),
                    bench.text("SELECT out_refund_no FROM refunds WHERE payment_id = ?", row.id())))
        .toList();
  }

  private static ReconciliationResolve how(String resolution) {
    return new ReconciliationResolve(resolution, "已与渠道核对", null);
  }

  private static Difference resolve(
      PaymentBench bench, Reconciliations all, Run run, Difference one, String how) {
    return bench.node.await(
        () -> all.resolve(PaymentBench.payer(STAFF), run.publicId(), one.id(), how(how)));
  }

  private static void resolveFees(PaymentBench bench, Reconciliations all, Run run) {
    for (Difference one : differences(bench, all, run)) {
      if (one.found().kind() == ReconciliationDifferenceKind.FEE_MISMATCH) {
        assertEquals(
            ReconciliationDifferenceStatus.RESOLVED,
            resolve(bench, all, run, one, "sync_from_channel").status());
        ServiceException again =
            assertThrows(
                ServiceException.class, () -> resolve(bench, all, run, one, "sync_from_channel"));
        assertEquals("INVALID_STATE", again.getMessage());
      } else if (one.found().kind() == ReconciliationDifferenceKind.MISSING_LOCAL) {
        assertEquals(
            "INVALID_STATE",
            assertThrows(
                    ServiceException.class,
                    () -> resolve(bench, all, run, one, "sync_from_channel"))
                .getMessage(),
            "the channel does not know it either");
        assertEquals(
            ReconciliationDifferenceStatus.IGNORED,
            resolve(bench, all, run, one, "ignore").status());
      } else if (one.found().kind() == ReconciliationDifferenceKind.MISSING_CHANNEL) {
        assertEquals(
            ReconciliationDifferenceStatus.RESOLVED,
            resolve(bench, all, run, one, "sync_from_channel").status(),
            "the channel has it");
      }
    }
  }

  private static Caller staff(String... permissions) {
    return Caller.builder()
        .userId(STAFF)
        .userType("reader")
        .verified(false)
        .roles(List.of())
        .permissions(List.of(permissions))
        .requestId("req_staff")
        .ip("203.0.113.7")
        .build();
  }

  private static Difference sendBack(
      PaymentBench bench, Reconciliations all, Caller caller, Run run, Difference one) {
    return bench.node.await(
        () -> all.resolve(caller, run.publicId(), one.id(), how("refund_suspense")));
  }

  @ParameterizedTest
  @CsvSource({"wechat, true", "wechat, false", "alipay, true", "alipay, false"})
  void moneyOfNoOrderGoesBackOnceWhenStaffSaysSo(String rail, boolean heardOf) {
    try (PaymentBench bench = bench("recon_unmatched_" + rail + "_" + heardOf)) {
      Reconciliations all = new Reconciliations(bench.core);
      PaymentRow row = bench.pending(rail);
      Inbound news = bench.pay(row);
      bench.node.await(
          () -> {
            bench.node.db().update("DELETE FROM payment_logs WHERE payment_id = ?", row.id());
            return bench.node.db().update("DELETE FROM payments WHERE payment_id = ?", row.id());
          });
      if (heardOf) {
        bench.deliver(row.choice().method(), news);
        assertEquals(PaymentBench.PRICE_FEN, bench.balance("suspense"));
      }
      bench.rails.clock.set(NEXT_DAY);
      Run run = run(bench, all, rail);
      Difference one = differences(bench, all, run).get(0);
      assertEquals(ReconciliationDifferenceKind.MISSING_LOCAL, one.found().kind());

      assertEquals(
          "FORBIDDEN",
          assertThrows(
                  ServiceException.class,
                  () -> sendBack(bench, all, staff("reconciliation:manage"), run, one))
              .getMessage());
      Caller staff = staff("reconciliation:manage", "refund:manage");
      AtomicInteger done = new AtomicInteger();
      bench.inParallel(
          4,
          () -> {
            try {
              sendBack(bench, all, staff, run, one);
              return done.incrementAndGet();
            } catch (ServiceException second) {
              assertEquals("INVALID_STATE", second.getMessage());
              return 0;
            }
          });
      assertEquals(1, done.get());
      assertEquals(0, bench.balance("suspense"));
      assertEquals(PaymentBench.PRICE_FEN, bench.balance("refund_payable"));

      bench.finishRefunds();

      assertEquals(0, bench.balance("refund_payable"));
      assertEquals(0, bench.collectedAtRail(rail, row.tradeNo()));
      assertEquals(
          "success", bench.text("SELECT status FROM refunds ORDER BY refund_id DESC LIMIT 1"));
      assertEquals(
          0,
          bench.number(
              "SELECT COUNT(*) FROM payment_tickets WHERE status = 'open' AND kind LIKE"
                  + " 'unknown%'"));
      // the channel's repeat, and the next comparison of the day, find all of it
      bench.deliver(row.choice().method(), news);
      assertEquals(0, bench.balance("suspense"));
      assertEquals(Set.of(), open(bench, all, run(bench, all, rail)));
      assertEquals(ReconciliationStatus.PASSED, run(bench, all, "internal").status(), "the books");
      bench.requireBooks();
    }
  }

  @Test
  void onlyUnmatchedMoneyIsSentBackSo() {
    try (PaymentBench bench = bench("recon_matched")) {
      Reconciliations all = new Reconciliations(bench.core);
      PaymentRow row = bench.paid("wechat");
      plant(bench, "wechat", "amount", row.tradeNo(), null, 5);
      bench.rails.clock.set(NEXT_DAY);
      Run run = run(bench, all, "wechat");
      Difference one = differences(bench, all, run).get(0);
      ServiceException refused =
          assertThrows(ServiceException.class, () -> sendBack(bench, all, staff("*"), run, one));
      assertEquals("not_unmatched", refused.getDebugInfo().getString("reason"));
    }
  }

  @Test
  void oneRunOfADayAtATimeAndTheScheduleItsOwnOnce() {
    try (PaymentBench bench = bench("recon_once")) {
      Reconciliations all = new Reconciliations(bench.core);
      bench.paid("wechat");
      assertEquals(
          "VALIDATION_ERROR",
          assertThrows(ServiceException.class, () -> start(bench, all, "wechat")).getMessage(),
          "the day is not over");
      bench.rails.clock.set(Instant.parse("2026-11-03T01:30:00Z"));
      bench.node.await(all::schedule);
      assertEquals(
          1, bench.number("SELECT COUNT(*) FROM reconciliations"), "half past nine: internal only");
      bench.rails.clock.set(NEXT_DAY);
      bench.inParallel(8, () -> bench.node.await(all::schedule));
      assertEquals(
          3, bench.number("SELECT COUNT(*) FROM reconciliations WHERE run_type = 'daily'"));
      ServiceException busy =
          assertThrows(ServiceException.class, () -> start(bench, all, "wechat"));
      assertEquals("INVALID_STATE", busy.getMessage());
      assertEquals("running", busy.getDebugInfo().getString("status"));
      work(bench, all);
      bench.node.await(all::schedule);
      assertEquals(
          3,
          bench.number("SELECT COUNT(*) FROM reconciliations WHERE status = 'passed'"),
          bench.text(
              "SELECT GROUP_CONCAT(CONCAT(platform, status, COALESCE(error_message, ''))) FROM"
                  + " reconciliations"));
      assertEquals(
          "VALIDATION_ERROR",
          assertThrows(ServiceException.class, () -> start(bench, all, "unionpay")).getMessage());
    }
  }

  @Test
  void aBillThatIsNotReadyIsAskedForAgainAnHourLater() {
    try (PaymentBench bench = bench("recon_early")) {
      Reconciliations all = new Reconciliations(bench.core);
      bench.paid("wechat");
      bench.rails.clock.set(Instant.parse("2026-11-03T01:30:00Z"));
      String id = start(bench, all, "wechat");
      work(bench, all);
      assertEquals(ReconciliationStatus.RUNNING, find(bench, all, id).status());
      bench.rails.clock.set(Instant.parse("2026-11-03T02:31:00Z"));
      work(bench, all);
      assertEquals(ReconciliationStatus.PASSED, find(bench, all, id).status());
    }
  }

  @Test
  void theBooksAreCheckedAgainstThemselves() {
    try (PaymentBench bench = bench("recon_books")) {
      Reconciliations all = new Reconciliations(bench.core);
      PaymentRow shares = bench.paid("wechat");
      PaymentRow refunds = bench.paid("alipay");
      PaymentRow journal = bench.paid("wechat");
      PaymentRow orphan = bench.paid("alipay");
      bench.rails.clock.set(NEXT_DAY);
      assertEquals(ReconciliationStatus.PASSED, run(bench, all, "internal").status());
      change(
          bench,
          "creator_share_fen = creator_share_fen - 1, platform_fee_fen = platform_fee_fen + 1",
          shares);
      change(bench, "reserved_fen = 5, refunded_fen = 5", refunds);
      change(bench, "public_id = 'pay_zzzzzzzzzzzz'", journal);
      change(bench, "status = 'failed'", orphan);
      Run run = run(bench, all, "internal");
      assertEquals(ReconciliationStatus.FAILED, run.status());
      Set<String> refs = new TreeSet<>();
      differences(bench, all, run).forEach(one -> refs.add(one.found().ref()));
      assertEquals(
          new TreeSet<>(
              Set.of(
                  "shares:" + shares.publicId(),
                  "refunds:" + refunds.publicId(),
                  "journal:pay_zzzzzzzzzzzz",
                  "orphan:" + journal.publicId(),
                  "orphan:" + orphan.publicId())),
          refs);
    }
  }

  private static void change(PaymentBench bench, String what, PaymentRow row) {
    bench.node.await(
        () ->
            bench
                .node
                .db()
                .update("UPDATE payments SET " + what + " WHERE payment_id = ?", row.id()));
  }
}
