package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.SubscriptionStatus;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RenewalRulesTest {

  private static Failures refusal(SubscriptionStatus status, Instant now) {
    return failureOf(() -> RenewalRules.requireRenewable(SubscriptionRulesTest.row(status), now));
  }

  private static final Instant END =
      SubscriptionRulesTest.row(SubscriptionStatus.ACTIVE).periodEnd();

  @Test
  void aRunningPeriodIsFollowedUpFromThirtyDaysBeforeItsEnd() {
    SubscriptionRow row = SubscriptionRulesTest.row(SubscriptionStatus.ACTIVE);
    Instant first = END.minus(Duration.ofDays(30));
    assertDoesNotThrow(() -> RenewalRules.requireRenewable(row, first));
    assertEquals(
        "CONFLICT too_early",
        refusal(SubscriptionStatus.ACTIVE, first.minusSeconds(1)).named("reason"));
  }

  @Test
  void graceAndCancelledAccessMayBeFollowedUpWhileTheyLast() {
    SubscriptionRow grace = SubscriptionRulesTest.row(SubscriptionStatus.PAST_DUE);
    SubscriptionRow cancelled = SubscriptionRulesTest.row(SubscriptionStatus.CANCELLED);
    assertDoesNotThrow(
        () -> RenewalRules.requireRenewable(grace, grace.graceUntil().minusSeconds(1)));
    assertDoesNotThrow(
        () -> RenewalRules.requireRenewable(cancelled, cancelled.accessUntil().minusSeconds(1)));
    assertEquals(
        "SUBSCRIPTION_CANCELLED past_due",
        refusal(SubscriptionStatus.PAST_DUE, grace.graceUntil()).named("status"));
    assertEquals(
        "SUBSCRIPTION_CANCELLED cancelled",
        refusal(SubscriptionStatus.CANCELLED, cancelled.accessUntil()).named("status"));
  }

  @Test
  void whatDoesNotRunYetOrAnyMoreIsNotRenewed() {
    assertEquals(
        "CONFLICT pending_payment",
        refusal(SubscriptionStatus.PENDING_PAYMENT, END).named("current_status"));
    assertEquals(
        "CONFLICT trialing", refusal(SubscriptionStatus.TRIALING, END).named("current_status"));
    assertEquals(
        "SUBSCRIPTION_CANCELLED expired", refusal(SubscriptionStatus.EXPIRED, END).named("status"));
  }
}
