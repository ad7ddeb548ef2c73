package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every state at every time around the moments that could matter to it. */
class SubscriptionRulesTest {

  private static final Instant PERIOD_END = Instant.parse("2026-10-31T16:00:00Z");
  private static final Instant GRACE_UNTIL = Instant.parse("2026-11-03T16:00:00Z");
  private static final Instant ACCESS_UNTIL = Instant.parse("2026-11-01T16:00:00Z");

  /** seconds relative to the moment named after @ */
  @ParameterizedTest(name = "{0} {1}s from {2}: access {3}, live {4}, lapsed {5}, grace ended {6}")
  @CsvSource({
    "pending_payment, -1, period, false, true, false, false",
    "pending_payment, 0, period, false, true, false, false",
    "pending_payment, 999999, grace, false, true, false, false",
    "trialing, -1, period, true, true, false, false",
    "trialing, 0, period, true, true, false, false",
    "trialing, 999999, grace, true, true, false, false",
    "active, -1, period, true, true, false, false",
    "active, 0, period, true, true, false, false",
    "active, 999999, grace, true, true, false, false",
    "past_due, -1, period, true, true, false, false",
    "past_due, -1, grace, true, true, false, false",
    "past_due, 0, grace, false, true, false, true",
    "past_due, 1, grace, false, true, false, true",
    "cancelled, -1, access, true, true, false, false",
    "cancelled, 0, access, false, false, true, false",
    "cancelled, 1, access, false, false, true, false",
    "expired, -1, period, false, false, false, false",
    "expired, -1, access, false, false, false, false",
    "expired, 999999, grace, false, false, false, false",
  })
  void accessAndLifeOfAStateAtATime(
      String state,
      long seconds,
      String moment,
      boolean access,
      boolean live,
      boolean lapsed,
      boolean graceEnded) {
    SubscriptionRow row = row(SubscriptionStatus.of(state));
    Instant now = moment(moment).plusSeconds(seconds);

    assertEquals(access, SubscriptionRules.grantsAccess(row, now), "access");
    assertEquals(live, SubscriptionRules.isLive(row, now), "live");
    assertEquals(lapsed, SubscriptionRules.isLapsed(row, now), "lapsed");
    assertEquals(graceEnded, SubscriptionRules.graceEnded(row, now), "grace ended");
  }

  @ParameterizedTest
  @CsvSource({
    "trialing, period",
    "active, period",
    "past_due, grace",
    "cancelled, access",
  })
  void aPositiveAnswerHoldsUntil(String state, String moment) {
    assertEquals(moment(moment), SubscriptionRules.accessEnd(row(SubscriptionStatus.of(state))));
  }

  private static Instant moment(String name) {
    return switch (name) {
      case "period" -> PERIOD_END;
      case "grace" -> GRACE_UNTIL;
      default -> ACCESS_UNTIL;
    };
  }

  static SubscriptionRow row(SubscriptionStatus status) {
    Instant start = Instant.parse("2026-09-30T16:00:00Z");
    return new SubscriptionRow(
        1,
        "sub_000000000000",
        7,
        8,
        9,
        "月度会员",
        true,
        BillingCycle.MONTHLY,
        PlanRules.defaultEntitlements(2990),
        status,
        null,
        SubscriptionSource.PAID,
        2990,
        PERIOD_END,
        start,
        PERIOD_END,
        GRACE_UNTIL,
        ACCESS_UNTIL,
        false,
        null,
        null,
        null,
        start,
        1,
        start,
        null,
        null,
        null,
        null);
  }
}
