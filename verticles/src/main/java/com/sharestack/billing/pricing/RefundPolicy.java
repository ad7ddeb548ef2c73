package com.sharestack.billing.pricing;

import com.sharestack.contract.PaymentPurpose;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Which refunds happen by themselves and until when (refund_rules). */
public final class RefundPolicy {

  /** The rule that a refund goes by; REVIEW waits for a decision, the others start at once. */
  public enum Policy {
    TRIAL,
    FIRST_PERIOD,
    RENEWAL,
    SINGLE_CONTENT,
    SYSTEM,
    REMOVED_BY_CREATOR,
    REVIEW;

    public String literal() {
      return name().toLowerCase(Locale.ROOT);
    }

    public boolean automatic() {
      return this != REVIEW;
    }
  }

  /** Why there is no refund. */
  public enum Refusal {
    /** Tips, nothing paid, nothing left: REFUND_NOT_ALLOWED. */
    NOT_ALLOWED,
    /** REFUND_WINDOW_CLOSED. */
    WINDOW_CLOSED,
    /** REFUND_AMOUNT_EXCEEDED. */
    AMOUNT_EXCEEDED
  }

  /** What becomes of a request. */
  public sealed interface Outcome {
    /** Goes on, by {@code policy}. */
    record Granted(Policy policy, long refundFen) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  static final Duration FIRST_PERIOD_WINDOW = Duration.ofHours(7 * 24);
  static final Duration RENEWAL_WINDOW = Duration.ofHours(3 * 24);

  /** As long as it matters for subscriptions what was opened since they were paid. */
  public static final Duration LONGEST_USE_WINDOW = FIRST_PERIOD_WINDOW;

  static final Duration SINGLE_CONTENT_WINDOW = Duration.ofHours(7 * 24);
  static final Duration STAFF_WINDOW = Duration.ofDays(365);
  static final int FIRST_PERIOD_ITEMS = 3;

  private RefundPolicy() {}

  /**
   * A request of the payer. The last moment of a window still counts.
   *
   * @param askedFen null for everything refundable
   * @param windowDays setting billing.refund_window_days
   */
  public static Outcome byPayer(RefundCase paid, Long askedFen, Instant now, int windowDays) {
    if (paid.purpose() == PaymentPurpose.TIP) {
      return new Outcome.Refused(Refusal.NOT_ALLOWED);
    }
    if (!within(paid, Duration.ofDays(windowDays), now)) {
      return new Outcome.Refused(Refusal.WINDOW_CLOSED);
    }
    Policy policy = automatic(paid, now);
    return granted(paid, askedFen, policy);
  }

  /** A refund that staff makes, tips included. */
  public static Outcome byStaff(RefundCase paid, Long askedFen, Instant now) {
    return within(paid, STAFF_WINDOW, now)
        ? granted(paid, askedFen, Policy.REVIEW)
        : new Outcome.Refused(Refusal.WINDOW_CLOSED);
  }

  private static Outcome granted(RefundCase paid, Long askedFen, Policy policy) {
    long refundable = paid.refundableFen();
    if (refundable <= 0) {
      return new Outcome.Refused(Refusal.NOT_ALLOWED);
    }
    long refund = askedFen == null ? refundable : askedFen;
    if (refund <= 0 || refund > refundable) {
      return new Outcome.Refused(Refusal.AMOUNT_EXCEEDED);
    }
    boolean full = refund == paid.amountFen();
    return new Outcome.Granted(full && !paid.specialInvoice() ? policy : Policy.REVIEW, refund);
  }

  /** The rule by which the payer gets everything back without asking anybody, else REVIEW. */
  private static Policy automatic(RefundCase paid, Instant now) {
    return switch (paid.purpose()) {
      case INITIAL -> {
        if (paid.trialing()) {
          yield Policy.TRIAL;
        }
        yield paid.firstPeriod()
                && within(paid, FIRST_PERIOD_WINDOW, now)
                && paid.openedItems() <= FIRST_PERIOD_ITEMS
            ? Policy.FIRST_PERIOD
            : Policy.REVIEW;
      }
      case RENEWAL ->
          paid.autoDebit() && within(paid, RENEWAL_WINDOW, now) && paid.openedItems() == 0
              ? Policy.RENEWAL
              : Policy.REVIEW;
      case PURCHASE ->
          within(paid, SINGLE_CONTENT_WINDOW, now) && paid.openedItems() == 0
              ? Policy.SINGLE_CONTENT
              : Policy.REVIEW;
      case PLAN_CHANGE, TIP -> Policy.REVIEW;
    };
  }

  private static boolean within(RefundCase paid, Duration window, Instant now) {
    return !now.isAfter(paid.paidAt().plus(window));
  }
}
