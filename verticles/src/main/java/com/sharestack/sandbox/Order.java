package com.sharestack.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An order at the twin; changed by {@link Book} only. */
final class Order {

  enum State {
    NOTPAY,
    SUCCESS,
    CLOSED,
    /** Paid, and some or all of it refunded. */
    REFUND
  }

  /**
   * What the merchant asked for; another value in a repeat is a changed parameter.
   *
   * @param product native, h5, jsapi, app, precreate, page, wap
   * @param expiresAt null = in seven days
   */
  record Terms(
      TwinRail rail,
      String product,
      String appId,
      String merchantId,
      String outTradeNo,
      long amountFen,
      String subject,
      String notifyUrl,
      Instant expiresAt,
      String payer) {}

  /** What arrived: one, or more where a test plants a second payment. */
  record Payment(String transactionId, long fen, long feeFen, Instant at) {}

  final List<Payment> payments = new ArrayList<>();
  final Terms terms;
  final String code;
  final Instant createdAt;
  final Map<String, TwinRefund> refunds = new LinkedHashMap<>();
  String returnUrl;

  /** Alipay knows a precreated order only from the scan on. */
  boolean known;

  State state = State.NOTPAY;
  String transactionId;
  String payer;
  long paidFen;
  long feeFen;
  Instant paidAt;
  Instant closedAt;
  int failedTries;

  Order(Terms terms, String code, Instant createdAt, boolean known) {
    this.terms = terms;
    this.code = code;
    this.createdAt = createdAt;
    this.known = known;
  }

  long refundedFen() {
    return refunds.values().stream()
        .filter(refund -> refund.state == TwinRefund.State.SUCCESS)
        .mapToLong(refund -> refund.amountFen)
        .sum();
  }

  long receivedFen() {
    return payments.stream().mapToLong(Payment::fen).sum();
  }

  /** Done or under way. */
  long claimedFen() {
    return refunds.values().stream()
        .filter(refund -> refund.state != TwinRefund.State.CLOSED)
        .mapToLong(refund -> refund.amountFen)
        .sum();
  }

  JsonObject json() {
    JsonArray back = new JsonArray();
    refunds.values().forEach(refund -> back.add(refund.json()));
    return new JsonObject()
        .put("rail", terms.rail().code())
        .put("product", terms.product())
        .put("out_trade_no", terms.outTradeNo())
        .put("subject", terms.subject())
        .put("amount_fen", terms.amountFen())
        .put("state", state.name())
        .put("known", known)
        .put("transaction_id", transactionId)
        .put("paid_fen", paidFen)
        .put("received_fen", receivedFen())
        .put("refunded_fen", refundedFen())
        .put("fee_fen", feeFen)
        .put("failed_tries", failedTries)
        .put("created_at", createdAt.toString())
        .put("paid_at", paidAt == null ? null : paidAt.toString())
        .put("refunds", back);
  }
}
