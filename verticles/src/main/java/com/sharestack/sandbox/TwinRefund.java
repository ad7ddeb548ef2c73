package com.sharestack.sandbox;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** A refund at the twin; changed by {@link Book} only. */
final class TwinRefund {

  enum State {
    PROCESSING,
    SUCCESS,
    CLOSED,
    ABNORMAL
  }

  final String outRefundNo;
  final String refundId;
  final long amountFen;
  final String notifyUrl;
  final Instant createdAt;
  State state = State.PROCESSING;
  Instant doneAt;

  TwinRefund(
      String outRefundNo, String refundId, long amountFen, String notifyUrl, Instant createdAt) {
    this.outRefundNo = outRefundNo;
    this.refundId = refundId;
    this.amountFen = amountFen;
    this.notifyUrl = notifyUrl;
    this.createdAt = createdAt;
  }

  JsonObject json() {
    return new JsonObject()
        .put("out_refund_no", outRefundNo)
        .put("refund_id", refundId)
        .put("amount_fen", amountFen)
        .put("state", state.name())
        .put("done_at", doneAt == null ? null : doneAt.toString());
  }
}
