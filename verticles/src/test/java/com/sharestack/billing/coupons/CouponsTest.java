package com.sharestack.billing.coupons;

import static com.sharestack.billing.coupons.CouponFixture.AT;
import static com.sharestack.billing.coupons.CouponFixture.PLAN;
import static com.sharestack.billing.coupons.CouponFixture.inParallel;
import static com.sharestack.billing.coupons.CouponFixture.outcome;
import static com.sharestack.billing.coupons.CouponFixture.tenOff;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.pricing.Discount.Funding;
import com.sharestack.billing.pricing.Price;
import com.sharestack.contract.CouponDiscountType;
import com.sharestack.platform.db.DuplicateKeyException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CouponsTest {

  private static CouponFixture fixture;

  @BeforeAll
  static void start() {
    fixture = new CouponFixture("coupons");
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void aPlaceGoesFromReservedToUsedAndIsCountedOnce() {
    long id = fixture.store(tenOff("LIFE-1").quota(2));

    Reservation reservation = fixture.reserve(" life-1 ", 11, "sub_life1");
    assertEquals(1000, reservation.discountFen());
    assertEquals(Funding.CREATOR, reservation.fundedBy());
    assertEquals(1990, Price.of(2990, null, reservation.discount()).paidFen());
    assertEquals("1 0 0 0", fixture.counters(id));
    assertEquals(reservation, fixture.reserve("LIFE-1", 11, "sub_life1"));
    assertEquals("1 0 0 0", fixture.counters(id));

    assertTrue(fixture.use("sub_life1"));
    assertTrue(fixture.use("sub_life1"));
    assertEquals("0 1 0 0", fixture.counters(id));
    assertFalse(fixture.release("sub_life1"));
    assertEquals("0 1 0 0", fixture.counters(id));
    assertEquals(1, fixture.taken(id, 11));
  }

  @Test
  void aPlaceIsReleasedOnceAndMayBeTakenAgainByTheSameOrder() {
    long id = fixture.store(tenOff("AGAIN-1").quota(1));
    fixture.reserve("AGAIN-1", 12, "sub_again");
    assertEquals("COUPON_EXHAUSTED total", outcome(() -> fixture.reserve("AGAIN-1", 13, "sub_x")));

    assertTrue(fixture.release("sub_again"));
    assertFalse(fixture.release("sub_again"));
    assertFalse(fixture.use("sub_again"));
    assertEquals("0 0 0 0", fixture.counters(id));
    assertEquals(0, fixture.taken(id, 12));

    fixture.reserve("AGAIN-1", 12, "sub_again");
    assertEquals("1 0 0 0", fixture.counters(id));
    assertFalse(fixture.release("sub_without_coupon"));
    assertFalse(fixture.use("sub_without_coupon"));
  }

  @Test
  void anOrderThatIsPricedAnewReleasesItsPlaceFirst() {
    fixture.store(tenOff("PRICE-A"));
    fixture.store(tenOff("PRICE-B"));
    fixture.reserve("PRICE-A", 14, "sub_price");
    assertThrows(IllegalStateException.class, () -> fixture.reserve("PRICE-B", 14, "sub_price"));
    assertThrows(
        IllegalStateException.class,
        () ->
            fixture.tx(tx -> fixture.coupons.reserve(tx, "PRICE-A", 14, "sub_price", PLAN, 1990)));
    fixture.tx(
        tx -> {
          assertTrue(fixture.coupons.release(tx, "sub_price"));
          return fixture.coupons.reserve(tx, "PRICE-B", 14, "sub_price", PLAN, 2990);
        });
    assertEquals(
        1,
        fixture.number(
            "SELECT COUNT(*) AS n FROM coupon_uses WHERE live_order = 'sub_price' AND code ="
                + " 'PRICE-B'"));
  }

  @Test
  void onlyRefundsOfTheSystemGiveAUseBackAndOnlyOnce() {
    long id = fixture.store(tenOff("BACK-1").platform(5000L));
    fixture.reserve("BACK-1", 15, "sub_back");
    assertFalse(fixture.refunded("sub_back", true), "not used yet");
    fixture.use("sub_back");
    assertEquals("0 1 0 1000", fixture.counters(id));

    assertFalse(fixture.refunded("sub_back", false));
    assertEquals("0 1 0 1000", fixture.counters(id));
    assertTrue(fixture.refunded("sub_back", true));
    assertFalse(fixture.refunded("sub_back", true));
    assertEquals("0 0 0 0", fixture.counters(id));
    assertEquals(0, fixture.taken(id, 15));
  }

  @Test
  void refusalsNameTheirReasonAndLeaveNothing() {
    long id = fixture.store(tenOff("ONCE-1"));
    fixture.reserve("ONCE-1", 16, "sub_once");
    assertEquals(
        "COUPON_EXHAUSTED per_user", outcome(() -> fixture.reserve("ONCE-1", 16, "sub_once2")));
    assertEquals(
        "COUPON_INVALID not_found", outcome(() -> fixture.reserve("NOBODY-KNOWS", 16, "sub_a")));
    assertEquals("COUPON_INVALID not_found", outcome(() -> fixture.reserve("优惠码优惠", 16, "sub_a")));
    assertEquals(
        "COUPON_INVALID not_found",
        outcome(
            () ->
                fixture.tx(
                    tx ->
                        fixture.coupons.reserve(
                            tx, "ONCE-1", 17, "sub_a", CouponItem.plan(1, 8), 2990))));
    assertEquals("COUPON_INVALID self", outcome(() -> fixture.reserve("ONCE-1", 7, "sub_a")));
    assertEquals("1 0 0 0", fixture.counters(id));
  }

  @Test
  void aTransactionThatFailsLaterTakesNoPlace() {
    long id = fixture.store(tenOff("KILL-1").quota(1));
    assertThrows(
        IllegalStateException.class,
        () ->
            fixture.tx(
                tx -> {
                  fixture.coupons.reserve(tx, "KILL-1", 18, "sub_kill", PLAN, 2990);
                  throw new IllegalStateException("killed before commit");
                }));
    assertEquals("0 0 0 0", fixture.counters(id));
    fixture.reserve("KILL-1", 18, "sub_kill");
  }

  @Test
  void fiftyOrdersAtOnceGetTheFivePlacesThereAre() {
    long id = fixture.store(tenOff("FIVE-1").quota(5));
    List<Callable<String>> orders = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      long user = 1000 + i;
      orders.add(() -> outcome(() -> fixture.reserve("FIVE-1", user, "sub_five" + user)));
    }
    List<String> outcomes = inParallel(orders);
    assertEquals(5, Collections.frequency(outcomes, "ok"));
    assertEquals(45, Collections.frequency(outcomes, "COUPON_EXHAUSTED total"));
    assertEquals("5 0 0 0", fixture.counters(id));
  }

  @Test
  void twentyOrdersOfOneUserAtOnceGetHisTwoPlaces() {
    long id = fixture.store(tenOff("TWICE-1").perUser(2));
    List<Callable<String>> orders = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String order = "sub_twice" + i;
      orders.add(() -> outcome(() -> fixture.reserve("TWICE-1", 19, order)));
    }
    List<String> outcomes = inParallel(orders);
    assertEquals(2, Collections.frequency(outcomes, "ok"));
    assertEquals(18, Collections.frequency(outcomes, "COUPON_EXHAUSTED per_user"));
    assertEquals(2, fixture.taken(id, 19));
    assertEquals("2 0 0 0", fixture.counters(id));
  }

  @Test
  void aBudgetIsNeverOvercommitted() {
    long id = fixture.store(tenOff("BUDGET-1").platform(3999L));
    List<Callable<String>> orders = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      long user = 2000 + i;
      orders.add(() -> outcome(() -> fixture.reserve("BUDGET-1", user, "sub_budget" + user)));
    }
    List<String> outcomes = inParallel(orders);
    assertEquals(3, Collections.frequency(outcomes, "ok"));
    assertEquals("3 0 3000 0", fixture.counters(id));
  }

  @Test
  void theSameReleaseAndUseAtOnceHappenOnce() {
    long id = fixture.store(tenOff("RACE-1").quota(3).perUser(3));
    fixture.reserve("RACE-1", 21, "sub_race1");
    fixture.reserve("RACE-1", 21, "sub_race2");
    Callable<Boolean> release = () -> fixture.release("sub_race1");
    Callable<Boolean> use = () -> fixture.use("sub_race2");
    List<Boolean> answers = inParallel(List.of(release, release, release, use, use, use));
    assertEquals(1, Collections.frequency(answers.subList(0, 3), true));
    assertEquals("0 1 0 0", fixture.counters(id));
    assertEquals(1, fixture.taken(id, 21));
  }

  @Test
  void oneUseCoversItsCycles() {
    fixture.store(
        tenOff("CYCLE-3").type(CouponDiscountType.PERCENTAGE, 50).platform(10000L).cycles(3));
    Reservation first = fixture.reserve("CYCLE-3", 22, "sub_cycle");
    assertEquals(3, first.appliesToCycles());
    assertEquals(1495, first.discountFen());
    assertFalse(covered(2), "not used yet");
    fixture.use("sub_cycle");
    assertTrue(covered(1));
    assertTrue(covered(3));
    assertFalse(covered(4));
    assertEquals(
        3 * 1495,
        fixture.number(
            "SELECT spent_fen AS n FROM coupons WHERE name = '测试券' AND spent_fen > 4000"));
  }

  @Test
  void anOrderKeepsTheDiscountItWasPricedWith() {
    long id = fixture.store(tenOff("KEEP-1").type(CouponDiscountType.PERCENTAGE, 50).cycles(2));
    Reservation first = fixture.reserve("KEEP-1", 24, "sub_keep");
    fixture.tx(
        tx ->
            tx.update(
                "UPDATE coupons SET discount_value = 10, revision = revision + 1 WHERE coupon_id ="
                    + " ?",
                id));
    Reservation again = fixture.reserve("KEEP-1", 24, "sub_keep");
    assertEquals(1495, first.discountFen());
    assertEquals(1495, again.discountFen());
    assertEquals(1495, Price.of(2990, null, again.discount()).paidFen());
  }

  @Test
  void aLaterChargeHasNoMoreOffThanTheFirst() {
    fixture.store(tenOff("LATER-2").type(CouponDiscountType.PERCENTAGE, 50).cycles(2));
    fixture.reserve("LATER-2", 25, "sub_later");
    fixture.use("sub_later");
    assertEquals(1495, laterDiscount(9900));
    assertEquals(500, laterDiscount(1000));
  }

  private static long laterDiscount(long priceFen) {
    return fixture
        .node
        .await(() -> fixture.coupons.covered(fixture.node.db(), "sub_later", 2, priceFen))
        .orElseThrow()
        .discountFen();
  }

  private static boolean covered(int charge) {
    return fixture
        .node
        .await(() -> fixture.coupons.covered(fixture.node.db(), "sub_cycle", charge, 2990))
        .isPresent();
  }

  @Test
  void aCodeIsNeverGivenTwice() {
    fixture.store(tenOff("MINE-ALONE"));
    DuplicateKeyException taken =
        assertThrows(DuplicateKeyException.class, () -> fixture.store(tenOff("MINE-ALONE")));
    assertEquals("PRIMARY", taken.index());
  }

  @Test
  void changedTermsAreReadAgainBeforeThePlaceIsTaken() {
    long id = fixture.store(tenOff("TERMS-1"));
    CouponRow read =
        fixture.node.await(
            () -> new CouponTermsRepository().find(fixture.node.db(), id).orElseThrow());
    fixture.tx(
        tx ->
            tx.update(
                "UPDATE coupons SET discount_value = 500, revision = revision + 1 WHERE coupon_id ="
                    + " ?",
                id));
    boolean took = fixture.tx(tx -> new CouponRepository().takePlace(tx, read, 0, AT));
    assertFalse(took);
    assertEquals(500, fixture.reserve("TERMS-1", 23, "sub_terms").discountFen());
  }

  @Test
  void anAddressHasSixtyTriesAnHourOfAllItsUsers() {
    CouponAttempts attempts =
        new CouponAttempts(
            fixture.node.db(), fixture.node.platform().cache(), fixture.node.clock(), 1);
    for (int i = 0; i < 60; i++) {
      assertEquals("ok", tried(attempts, 5000 + i, "203.0.113.9"));
    }
    assertEquals("RATE_LIMIT_EXCEEDED null", tried(attempts, 5100, "203.0.113.9"));
    assertEquals("ok", tried(attempts, 5100, "203.0.113.10"));
    assertEquals("ok", tried(attempts, 5100, null));
  }

  private static String tried(CouponAttempts attempts, long userId, String ip) {
    return outcome(
        () ->
            fixture.node.await(
                () -> {
                  attempts.requireOpen(userId, ip);
                  return null;
                }));
  }

  @Test
  void wrongCodesAtOnceAreAllCounted() {
    CouponAttempts attempts =
        new CouponAttempts(
            fixture.node.db(), fixture.node.platform().cache(), fixture.node.clock(), 1);
    Callable<Object> wrong =
        () ->
            fixture.node.await(
                () -> {
                  attempts.wrong(5200);
                  return null;
                });
    inParallel(Collections.nCopies(9, wrong));
    assertEquals("ok", tried(attempts, 5200, null));
    inParallel(List.of(wrong));
    assertEquals("RATE_LIMIT_EXCEEDED null", tried(attempts, 5200, null));
  }
}
