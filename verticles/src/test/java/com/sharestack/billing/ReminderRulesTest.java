package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sharestack.billing.ReminderRules.Ahead;
import com.sharestack.contract.SubscriptionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReminderRulesTest {

  private static final Instant END = Instant.parse("2026-12-31T16:00:00Z");

  private static Instant daysBefore(Instant time, int days) {
    return time.minus(Duration.ofDays(days));
  }

  @Test
  void anEndWithoutRenewalIsToldThreeDaysAndOneDayAhead() {
    Ahead end = ReminderRules.of(SubscriptionStatus.ACTIVE, false, END, null).orElseThrow();
    assertEquals(new Ahead(false, END), end);
    assertEquals(daysBefore(END, 3), ReminderRules.next(end, daysBefore(END, 30)));
    assertEquals(daysBefore(END, 1), ReminderRules.next(end, daysBefore(END, 3)));
    assertNull(ReminderRules.next(end, daysBefore(END, 1)));
  }

  @Test
  void aRenewalIsToldSevenThreeAndOneDaysBeforeTheCharge() {
    Instant charge = END.minus(ReminderRules.CHARGED_AHEAD);
    Ahead renewal = ReminderRules.of(SubscriptionStatus.TRIALING, true, END, null).orElseThrow();
    assertEquals(new Ahead(true, charge), renewal);
    assertEquals(daysBefore(charge, 7), ReminderRules.next(renewal, daysBefore(charge, 8)));
    assertEquals(daysBefore(charge, 3), ReminderRules.next(renewal, daysBefore(charge, 7)));
    assertEquals(Optional.of(7), ReminderRules.due(renewal, daysBefore(charge, 7)));
  }

  @Test
  void ofSeveralThatWereMissedTheNearestIsLeftAndAfterTheEndNone() {
    Ahead end = new Ahead(false, END);
    assertEquals(Optional.empty(), ReminderRules.due(end, daysBefore(END, 3).minusMillis(1)));
    assertEquals(Optional.of(3), ReminderRules.due(end, daysBefore(END, 2)));
    assertEquals(Optional.of(1), ReminderRules.due(end, END.minusMillis(1)));
    assertEquals(Optional.empty(), ReminderRules.due(end, END));
  }

  @Test
  void whatHasNoEndOrIsOverIsNotReminded() {
    assertEquals(Optional.empty(), ReminderRules.of(SubscriptionStatus.ACTIVE, false, null, null));
    assertEquals(
        Optional.empty(), ReminderRules.of(SubscriptionStatus.CANCELLED, false, null, END));
    assertEquals(
        Optional.of(new Ahead(false, END)),
        ReminderRules.of(SubscriptionStatus.CANCELLED, false, daysBefore(END, 31), END));
    for (SubscriptionStatus quiet :
        new SubscriptionStatus[] {
          SubscriptionStatus.PENDING_PAYMENT,
          SubscriptionStatus.PAST_DUE,
          SubscriptionStatus.EXPIRED
        }) {
      assertEquals(Optional.empty(), ReminderRules.of(quiet, true, END, END));
    }
  }
}
