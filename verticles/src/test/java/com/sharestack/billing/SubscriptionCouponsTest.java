package com.sharestack.billing;

import static com.sharestack.billing.Failures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Plan;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Coupons of subscriptions: places, prices, trials. */
class SubscriptionCouponsTest {

  private static PaidNode paid;
  private static SubscriptionActs acts;

  @BeforeAll
  static void start() {
    paid = new PaidNode("subscription_coupons");
    acts = new SubscriptionActs(paid);
  }

  @AfterAll
  static void stop() {
    paid.close();
  }

  @AfterEach
  void theBooksAreIntact() {
    assertEquals(List.of(), paid.ledgerFindings());
  }

  @Test
  void aCouponOfThePlatformThatTakesEverythingGrantsAndBooksTheCreatorsShare() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "29.90");
    acts.coupon("ALLFREE" + plan.id(), "platform", null, "percentage", 100);

    SubscriptionCreated made = paid.order(reader, plan, null, "allfree" + plan.id());

    assertEquals(SubscriptionStatus.ACTIVE, made.subscription().status());
    assertNull(made.payment());
    assertEquals(new BigDecimal("26.91"), paid.balance("creator_pending", creator.userId()));
    assertEquals(
        1,
        paid.billing.number(
            "SELECT COUNT(*) FROM coupon_uses WHERE order_id = ? AND status = 'used'",
            made.subscription().id()));
  }

  @Test
  void aCouponsPlaceIsHeldByTheOrderUsedWhenPaidAndFreedWhenGivenUp() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.monthly(creator, "30.00");
    String code = "HALF" + plan.id();
    acts.coupon(code, "creator", creator.userId(), "percentage", 50);

    SubscriptionCreated first = paid.order(reader, plan, "wechat", code);
    assertEquals(new BigDecimal("15.00"), first.payment().amount());
    assertEquals("reserved", acts.use(first));
    acts.cancel(reader, first.subscription().id());
    assertEquals("released", acts.use(first));
    SubscriptionCreated second = paid.order(reader, plan, "wechat", code);
    paid.pay(second.payment());
    assertEquals("used", acts.use(second));
    assertEquals(
        "COUPON_EXHAUSTED per_user",
        failureOf(
                () -> {
                  acts.cancel(reader, second.subscription().id());
                  paid.billing.update(
                      "UPDATE subscriptions SET access_until = ? WHERE public_id = ?",
                      paid.now().minusSeconds(1),
                      second.subscription().id());
                  paid.order(reader, plan, "wechat", code);
                })
            .named("reason"));
  }

  @Test
  void aTrialCouponWidensTheTrialOfAFirstSubscriptionOnly() {
    Caller creator = paid.billing.creator();
    Caller reader = paid.billing.reader();
    Plan plan = paid.plan(creator, "试用", "29.90", BillingCycle.MONTHLY, 7);
    String code = "LONGER" + plan.id();
    acts.coupon(code, "creator", creator.userId(), "trial_days", 10);

    SubscriptionCreated made = paid.order(reader, plan, "wechat", code);
    assertEquals(
        Duration.ofDays(17),
        Duration.between(
            made.subscription().currentPeriodStart(), made.subscription().trialEndsAt()));
    assertEquals(new BigDecimal("29.90"), made.payment().amount());
  }
}
