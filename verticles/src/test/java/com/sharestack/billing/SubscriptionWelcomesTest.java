package com.sharestack.billing;

import static com.sharestack.billing.BillingNode.anonymous;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.Activation;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Plan;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionWelcomesDueRequest;
import com.sharestack.contract.SubscriptionWelcomesService;
import com.sharestack.contract.Welcome;
import com.sharestack.contract.WelcomesQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** subscription_welcomes.due on the database. */
class SubscriptionWelcomesTest {

  private static BillingNode billing;

  @BeforeAll
  static void start() {
    billing = new BillingNode("welcomes");
  }

  @AfterAll
  static void stop() {
    billing.close();
  }

  private static void greet(Caller creator, String title, String message) {
    billing.update(
        """
        INSERT INTO subscription_settings (creator_id, welcome_title, welcome_message, updated_at)
        VALUES (?, ?, ?, '2026-01-01')
        """,
        creator.userId(),
        title,
        message);
  }

  private static List<Welcome> due(Subscription subscription, Instant activatedAt) {
    return billing
        .await(
            billing
                .node
                .client(SubscriptionWelcomesService.class)
                .due(
                    anonymous(),
                    new SubscriptionWelcomesDueRequest(
                        new WelcomesQuery(
                            List.of(new Activation(subscription.id(), activatedAt))))))
        .items();
  }

  @Test
  void theFirstSubscriptionToACreatorIsGreetedWhenItBegins() {
    Caller creator = billing.creator();
    Plan plan = billing.freePlan(creator);
    greet(creator, "你好", "");
    Subscription first = billing.subscribe(billing.reader(), plan);
    assertEquals(
        List.of(new Welcome(first.id(), "你好", "")), due(first, first.currentPeriodStart()));
    assertEquals(
        List.of(),
        due(first, first.currentPeriodStart().plus(Duration.ofDays(30))),
        "going on is no beginning");
  }

  @Test
  void whoComesBackIsNotGreetedAgainButIsByAnotherCreator() {
    Caller creator = billing.creator();
    Caller other = billing.creator();
    Caller reader = billing.reader();
    greet(creator, "你好", "欢迎");
    greet(other, "", "欢迎");
    Plan plan = billing.freePlan(creator);
    Subscription before = billing.subscribe(reader, plan);
    billing.update(
        """
        UPDATE subscriptions SET status = 'cancelled', cancelled_at = created_at,
          access_until = created_at
        WHERE public_id = ?
        """,
        before.id());
    billing.node.clock().advance(Duration.ofDays(1));
    Subscription again = billing.subscribe(reader, plan);
    assertEquals(List.of(), due(again, again.currentPeriodStart()));
    assertEquals(1, due(before, before.currentPeriodStart()).size(), "a late job still greets");
    Subscription elsewhere = billing.subscribe(reader, billing.freePlan(other));
    assertEquals(1, due(elsewhere, elsewhere.currentPeriodStart()).size());
  }

  @Test
  void withoutWordsNobodyIsGreeted() {
    Caller creator = billing.creator();
    Subscription never = billing.subscribe(billing.reader(), billing.freePlan(creator));
    assertEquals(List.of(), due(never, never.currentPeriodStart()));
    greet(creator, "", "");
    assertEquals(List.of(), due(never, never.currentPeriodStart()));
  }

  @Test
  void aBatchIsBounded() {
    List<Activation> many =
        IntStream.range(0, 101).mapToObj(i -> new Activation("sub_" + i, Instant.EPOCH)).toList();
    assertEquals(
        "VALIDATION_ERROR activations",
        Failures.failureOf(
                () ->
                    billing.await(
                        billing
                            .node
                            .client(SubscriptionWelcomesService.class)
                            .due(
                                anonymous(),
                                new SubscriptionWelcomesDueRequest(new WelcomesQuery(many)))))
            .named("field"));
  }
}
