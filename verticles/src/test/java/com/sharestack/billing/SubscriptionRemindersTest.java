package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.Caller;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCancel;
import com.sharestack.contract.SubscriptionCancelReason;
import com.sharestack.contract.SubscriptionRenew;
import com.sharestack.contract.SubscriptionResume;
import com.sharestack.contract.SubscriptionsCancelRequest;
import com.sharestack.contract.SubscriptionsRenewRequest;
import com.sharestack.contract.SubscriptionsResumeRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reminders on the database, the job run by hand. */
class SubscriptionRemindersTest {

  private static PaidNode paid;

  private Caller reader;
  private Subscription mine;

  @BeforeAll
  static void start() {
    paid = new PaidNode("subscription_reminders");
  }

  @AfterAll
  static void stop() {
    paid.close();
  }

  @BeforeEach
  void subscribe() {
    reader = paid.billing.reader();
    mine = paid.subscribe(reader, paid.monthly(paid.billing.creator(), "29.90"));
  }

  /** As a worker of one process does it. */
  private static void remind() {
    SubscriptionReminders job = new SubscriptionReminders(paid.worker.subscriptions());
    paid.billing.node.await(job::run);
  }

  private void until(Duration beforeTheEnd) {
    Instant then = mine.currentPeriodEnd().minus(beforeTheEnd);
    paid.advance(Duration.between(paid.now(), then));
  }

  private List<String> reminders() {
    return paid
        .billing
        .rows(
            "SELECT payload FROM outbox WHERE topic = 'subscription.reminder' AND payload LIKE ?"
                + " ORDER BY event_id",
            "%" + mine.id() + "%")
        .stream()
        .map(row -> new JsonObject(String.valueOf(row.getValue(0))))
        .map(event -> event.getString("reason") + " " + event.getInteger("days"))
        .toList();
  }

  private void cancel() {
    paid.billing.await(
        paid.billing.subscriptions.cancel(
            reader,
            new SubscriptionsCancelRequest(
                mine.id(), new SubscriptionCancel(SubscriptionCancelReason.OTHER, null, false))));
  }

  @Test
  void theEndIsToldThreeDaysAndOneDayAheadOnceEach() {
    until(Duration.ofDays(3).plusSeconds(1));
    remind();
    assertEquals(List.of(), reminders());
    until(Duration.ofDays(3));
    remind();
    remind();
    assertEquals(List.of("period_end 3"), reminders());
    until(Duration.ofDays(1));
    remind();
    until(Duration.ofHours(1));
    remind();
    assertEquals(List.of("period_end 3", "period_end 1"), reminders());
  }

  @Test
  void manyWorkersAtOnceTellItOnce() {
    until(Duration.ofDays(3));
    List<CompletableFuture<Void>> workers =
        IntStream.range(0, 6)
            .mapToObj(i -> CompletableFuture.runAsync(SubscriptionRemindersTest::remind))
            .toList();
    workers.forEach(CompletableFuture::join);
    assertEquals(List.of("period_end 3"), reminders());
  }

  @Test
  void afterAPauseOfTheWorkersOnlyTheNearestIsTold() {
    until(Duration.ofHours(5));
    remind();
    assertEquals(List.of("period_end 1"), reminders());
  }

  @Test
  void anAutomaticRenewalIsToldSevenThreeAndOneDaysAhead() {
    paid.billing.update(
        """
        UPDATE subscriptions SET auto_renew = 1, next_reminder_at = current_period_end - INTERVAL 180 HOUR
        WHERE public_id = ?
        """,
        mine.id());
    for (int days : new int[] {7, 3, 1}) {
      until(Duration.ofDays(days).plus(ReminderRules.CHARGED_AHEAD));
      remind();
    }
    assertEquals(List.of("renewal 7", "renewal 3", "renewal 1"), reminders());
  }

  @Test
  void cancellingAndResumingTellsNothingTwice() {
    until(Duration.ofDays(3));
    remind();
    cancel();
    remind();
    paid.billing.await(
        paid.billing.subscriptions.resume(
            reader, new SubscriptionsResumeRequest(mine.id(), new SubscriptionResume(false))));
    remind();
    until(Duration.ofDays(1));
    remind();
    assertEquals(List.of("period_end 3", "period_end 1"), reminders());
  }

  @Test
  void whoHasPaidTheNextPeriodIsNotTroubledBeforeItsOwnEnd() {
    until(Duration.ofDays(5));
    paid.pay(
        paid.billing
            .await(
                paid.billing.subscriptions.renew(
                    reader,
                    new SubscriptionsRenewRequest(
                        mine.id(), new SubscriptionRenew("wechat", null, null))))
            .payment());
    until(Duration.ofDays(3));
    remind();
    until(Duration.ofDays(1));
    remind();
    assertEquals(List.of(), reminders());

    until(Duration.ofSeconds(-1));
    SubscriptionLifecycle job =
        new SubscriptionLifecycle(paid.worker.subscriptions(), paid.worker.payments());
    paid.billing.node.await(job::run);
    mine = paid.get(reader, mine.id()).subscription();
    until(Duration.ofDays(3));
    remind();
    assertEquals(List.of("period_end 3"), reminders());
  }

  @Test
  void theNewsOfTheSubscriptionsLifeAreWrittenOnceForWhoWantsThem() {
    cancel();
    assertEquals(1, paid.events("subscription.cancelled", mine.id()));
    assertEquals(0, paid.events("subscription.renewed", mine.id()));
  }
}
