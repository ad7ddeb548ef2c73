package com.sharestack.billing.reconciliation;

import com.sharestack.contract.ReconciliationDifferenceKind;

/**
 * Something that does not agree.
 *
 * @param ref what it is about; with the kind once per run
 * @param paymentId pay_, null where none is known
 * @param refundId rf_, null unless it is about a refund of ours
 * @param localFen what we have; null = nothing
 * @param channelFen what the channel has; null = nothing
 */
public record Found(
    ReconciliationDifferenceKind kind,
    String ref,
    String paymentId,
    String refundId,
    String outTradeNo,
    String transactionId,
    String outRefundNo,
    Long localFen,
    Long channelFen,
    String detail) {

  /** Names of the checks, as the contract has them. */
  String check() {
    return switch (kind) {
      case MISSING_LOCAL, MISSING_CHANNEL, STATUS_MISMATCH -> "payment_consistency";
      case AMOUNT_MISMATCH -> "amount_accuracy";
      case FEE_MISMATCH -> "rule_correctness";
      case LEDGER_MISMATCH ->
          ref.startsWith("account:") || ref.startsWith("refunds:")
              ? "amount_accuracy"
              : ref.startsWith("shares:") ? "rule_correctness" : "payment_consistency";
    };
  }

  /** How far the two are apart. */
  long apartFen() {
    return Math.abs((localFen == null ? 0 : localFen) - (channelFen == null ? 0 : channelFen));
  }

  static Found ledger(String ref, String paymentId, Long expected, Long actual, String detail) {
    return new Found(
        ReconciliationDifferenceKind.LEDGER_MISMATCH,
        ref,
        paymentId,
        null,
        null,
        null,
        null,
        expected,
        actual,
        detail);
  }
}
