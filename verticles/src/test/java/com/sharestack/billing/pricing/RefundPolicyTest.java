package com.sharestack.billing.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.pricing.RefundPolicy.Outcome;
import com.sharestack.billing.pricing.RefundPolicy.Policy;
import com.sharestack.billing.pricing.RefundPolicy.Refusal;
import com.sharestack.contract.PaymentPurpose;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefundPolicyTest {

  private static final Instant PAID = Instant.parse("2026-11-01T00:00:00Z");

  private static RefundCase paid(
      PaymentPurpose purpose, boolean trialing, boolean first, boolean auto, int opened) {
    return new RefundCase(purpose, 2990, 0, PAID, trialing, first, auto, opened, false);
  }

  @ParameterizedTest
  @CsvSource({
    // purpose, trialing, first period, auto debit, opened, hours since paid -> policy
    "INITIAL, true, true, false, 9, 600, TRIAL",
    "INITIAL, false, true, false, 3, 168, FIRST_PERIOD",
    "INITIAL, false, true, false, 4, 1, REVIEW",
    "INITIAL, false, true, false, 0, 169, REVIEW",
    "INITIAL, false, false, false, 0, 1, REVIEW",
    "RENEWAL, false, false, true, 0, 72, RENEWAL",
    "RENEWAL, false, false, true, 1, 1, REVIEW",
    "RENEWAL, false, false, true, 0, 73, REVIEW",
    "RENEWAL, false, false, false, 0, 1, REVIEW",
    "PURCHASE, false, false, false, 0, 168, SINGLE_CONTENT",
    "PURCHASE, false, false, false, 1, 1, REVIEW",
    "PURCHASE, false, false, false, 0, 169, REVIEW",
    "PLAN_CHANGE, false, false, false, 0, 1, REVIEW",
    "INITIAL, false, true, false, 0, 720, REVIEW"
  })
  void aFullRefundGoesByTheRuleThatFits(
      PaymentPurpose purpose,
      boolean trialing,
      boolean first,
      boolean auto,
      int opened,
      long hours,
      Policy policy) {
    RefundCase paid = paid(purpose, trialing, first, auto, opened);
    assertEquals(
        new Outcome.Granted(policy, 2990),
        RefundPolicy.byPayer(paid, null, PAID.plus(Duration.ofHours(hours)), 30));
  }

  @Test
  void theLastMomentOfAWindowStillCounts() {
    RefundCase paid = paid(PaymentPurpose.INITIAL, false, true, false, 0);
    Instant week = PAID.plus(Duration.ofDays(7));
    assertEquals(
        new Outcome.Granted(Policy.FIRST_PERIOD, 2990), RefundPolicy.byPayer(paid, null, week, 30));
    assertEquals(
        new Outcome.Granted(Policy.REVIEW, 2990),
        RefundPolicy.byPayer(paid, null, week.plusMillis(1), 30));
  }

  @Test
  void theWindowsOfPayersAndStaffClose() {
    RefundCase paid = paid(PaymentPurpose.INITIAL, false, true, false, 0);
    assertEquals(
        new Outcome.Refused(Refusal.WINDOW_CLOSED),
        RefundPolicy.byPayer(paid, null, PAID.plus(Duration.ofDays(30)).plusMillis(1), 30));
    assertEquals(
        new Outcome.Granted(Policy.REVIEW, 100),
        RefundPolicy.byStaff(paid, 100L, PAID.plus(Duration.ofDays(365))));
    assertEquals(
        new Outcome.Refused(Refusal.WINDOW_CLOSED),
        RefundPolicy.byStaff(paid, null, PAID.plus(Duration.ofDays(365)).plusMillis(1)));
  }

  @Test
  void tipsAreRefundedByStaffOnly() {
    RefundCase tip = paid(PaymentPurpose.TIP, false, false, false, 0);
    assertEquals(
        new Outcome.Refused(Refusal.NOT_ALLOWED), RefundPolicy.byPayer(tip, null, PAID, 30));
    assertEquals(new Outcome.Granted(Policy.REVIEW, 2990), RefundPolicy.byStaff(tip, null, PAID));
  }

  @Test
  void aPartIsAlwaysReviewedAndNeverExceedsTheRest() {
    RefundCase paid = paid(PaymentPurpose.PURCHASE, false, false, false, 0);
    assertEquals(
        new Outcome.Granted(Policy.REVIEW, 2989), RefundPolicy.byPayer(paid, 2989L, PAID, 30));
    RefundCase rest =
        new RefundCase(PaymentPurpose.PURCHASE, 2990, 1000, PAID, false, false, false, 0, false);
    assertEquals(
        new Outcome.Granted(Policy.REVIEW, 1990), RefundPolicy.byPayer(rest, null, PAID, 30));
    assertEquals(
        new Outcome.Refused(Refusal.AMOUNT_EXCEEDED), RefundPolicy.byPayer(rest, 1991L, PAID, 30));
    assertEquals(
        new Outcome.Refused(Refusal.AMOUNT_EXCEEDED), RefundPolicy.byPayer(rest, 0L, PAID, 30));
  }

  @Test
  void nothingLeftIsNotRefundable() {
    RefundCase all =
        new RefundCase(PaymentPurpose.INITIAL, 2990, 2990, PAID, false, true, false, 0, false);
    assertEquals(
        new Outcome.Refused(Refusal.NOT_ALLOWED), RefundPolicy.byPayer(all, null, PAID, 30));
  }

  @Test
  void aSpecialInvoiceForcesAReview() {
    RefundCase invoiced =
        new RefundCase(PaymentPurpose.INITIAL, 2990, 0, PAID, true, true, false, 0, true);
    assertEquals(
        new Outcome.Granted(Policy.REVIEW, 2990), RefundPolicy.byPayer(invoiced, null, PAID, 30));
  }
}
