package com.sharestack.billing.reconciliation;

import com.sharestack.billing.pricing.Fees;
import com.sharestack.contract.ReconciliationDifferenceKind;
import java.util.ArrayList;
import java.util.List;

/** What makes a line of a bill differ from our row: pure, tolerance zero. */
final class BillRules {

  /** What is to be done about the fee of a line. */
  enum FeeVerdict {
    /** The books have it. */
    BOOKED,
    /**
     * As the channel's terms say, and not in the books yet: fees given back, fees of late money.
     */
    TO_BOOK,
    DIFFERENT
  }

  private BillRules() {}

  /**
   * The line of a payment.
   *
   * @param local row with the line's transaction, null when none has it
   * @param named row with the line's order number, null when none has it
   */
  static List<Found> payment(String platform, BillEntry entry, LocalMoney local, LocalMoney named) {
    if (entry.repeated()) {
      return List.of(repeated(platform, entry, local));
    }
    if (local == null) {
      String text =
          named == null ? "no payment has this number" : "the payment is " + named.status();
      return List.of(
          found(ReconciliationDifferenceKind.MISSING_LOCAL, platform, entry, named, null, text));
    }
    List<Found> found = new ArrayList<>();
    if (!entry.line().outTradeNo().equals(local.tradeNo())) {
      found.add(
          found(
              ReconciliationDifferenceKind.STATUS_MISMATCH,
              platform,
              entry,
              local,
              local.heldFen(),
              "the transaction is that of order number " + local.tradeNo()));
    } else if (!paidWord(entry.line().status()) || !local.received()) {
      found.add(
          found(
              ReconciliationDifferenceKind.STATUS_MISMATCH,
              platform,
              entry,
              local,
              local.heldFen(),
              "here %s, there %s".formatted(local.status(), entry.line().status())));
    }
    amount(platform, entry, local, found);
    return found;
  }

  /**
   * The line of a refund.
   *
   * @param local refund with the line's number, null when none has it
   */
  static List<Found> refund(String platform, BillEntry entry, LocalMoney local) {
    if (entry.repeated()) {
      return List.of(repeated(platform, entry, local));
    }
    if (local == null) {
      return List.of(
          found(
              ReconciliationDifferenceKind.MISSING_LOCAL,
              platform,
              entry,
              null,
              null,
              "no refund has this number"));
    }
    List<Found> found = new ArrayList<>();
    if (!refundWord(entry.line().status()).equals(refundState(local.status()))) {
      found.add(
          found(
              ReconciliationDifferenceKind.STATUS_MISMATCH,
              platform,
              entry,
              local,
              local.heldFen(),
              "here %s, there %s".formatted(local.status(), entry.line().status())));
    }
    amount(platform, entry, local, found);
    return found;
  }

  private static void amount(
      String platform, BillEntry entry, LocalMoney local, List<Found> found) {
    if (entry.line().amountFen() != local.heldFen()) {
      found.add(
          found(
              ReconciliationDifferenceKind.AMOUNT_MISMATCH,
              platform,
              entry,
              local,
              local.heldFen(),
              "amounts differ"));
    }
  }

  /**
   * The fee of a line that has its row.
   *
   * @param bookedFen in the journal so far
   */
  static FeeVerdict fee(BillEntry entry, LocalMoney local, long bookedFen) {
    long bill = entry.line().feeFen();
    if (bill == bookedFen) {
      return FeeVerdict.BOOKED;
    }
    long usual = Fees.channelFen(local.heldFen(), Fees.CHANNEL_RATE);
    return bill == (entry.refund() ? -usual : usual) && bookedFen == 0
        ? FeeVerdict.TO_BOOK
        : FeeVerdict.DIFFERENT;
  }

  static Found feeDiffers(String platform, BillEntry entry, LocalMoney local, long bookedFen) {
    return new Found(
        ReconciliationDifferenceKind.FEE_MISMATCH,
        ref(platform, entry),
        local.paymentId(),
        entry.refund() ? local.publicId() : null,
        entry.line().outTradeNo(),
        entry.line().transactionId(),
        entry.line().outRefundNo(),
        bookedFen,
        entry.line().feeFen(),
        "fees differ");
  }

  /** A row of the day that the bill does not have. */
  static Found missingThere(String platform, LocalMoney local, boolean refund) {
    return new Found(
        ReconciliationDifferenceKind.MISSING_CHANNEL,
        ref(platform, refund, local.number()),
        local.paymentId(),
        refund ? local.publicId() : null,
        local.tradeNo(),
        refund ? null : local.number(),
        refund ? local.number() : null,
        local.heldFen(),
        null,
        "the bill does not have it");
  }

  /** A success that we did not have, taken in since. */
  static Found repaired(String platform, BillEntry entry, LocalMoney local) {
    return found(
        entry.refund()
            ? ReconciliationDifferenceKind.STATUS_MISMATCH
            : ReconciliationDifferenceKind.MISSING_LOCAL,
        platform,
        entry,
        local,
        local == null ? null : local.heldFen(),
        "late success, taken in");
  }

  static boolean succeeded(BillEntry entry) {
    return entry.refund()
        ? refundWord(entry.line().status()).equals("success")
        : paidWord(entry.line().status());
  }

  private static Found repeated(String platform, BillEntry entry, LocalMoney local) {
    Found once =
        found(
            ReconciliationDifferenceKind.MISSING_LOCAL,
            platform,
            entry,
            local,
            null,
            "the bill has it more than once");
    return new Found(
        once.kind(),
        once.ref() + "#" + entry.number(),
        once.paymentId(),
        once.refundId(),
        once.outTradeNo(),
        once.transactionId(),
        once.outRefundNo(),
        null,
        once.channelFen(),
        once.detail());
  }

  private static Found found(
      ReconciliationDifferenceKind kind,
      String platform,
      BillEntry entry,
      LocalMoney local,
      Long localFen,
      String detail) {
    return new Found(
        kind,
        ref(platform, entry),
        local == null ? null : local.paymentId(),
        local == null || !entry.refund() ? null : local.publicId(),
        entry.line().outTradeNo(),
        entry.line().transactionId(),
        entry.line().outRefundNo(),
        localFen,
        entry.line().amountFen(),
        detail);
  }

  static String ref(String platform, BillEntry entry) {
    return ref(platform, entry.refund(), entry.key());
  }

  private static String ref(String platform, boolean refund, String number) {
    return platform + ":" + (refund ? "refund:" : "") + number;
  }

  private static boolean paidWord(String status) {
    return status.equals("SUCCESS") || status.equals("交易");
  }

  private static String refundWord(String status) {
    return switch (status) {
      case "SUCCESS", "退款" -> "success";
      case "PROCESSING" -> "processing";
      default -> "failed";
    };
  }

  private static String refundState(String status) {
    return status.equals("rejected") ? "failed" : status;
  }
}
