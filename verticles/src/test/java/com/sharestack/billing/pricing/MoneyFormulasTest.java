package com.sharestack.billing.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.pricing.Discount.Funding;
import com.sharestack.billing.pricing.Discount.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyFormulasTest {

  private static Discount discount(Funding by, Kind kind, long value) {
    return new Discount(by, kind, value, null, null, false);
  }

  @ParameterizedTest
  @CsvSource({
    // paid, platform discount, fee rate, share rate -> F, S, R
    "2990, 0, 1000, 10000, 299, 2691, 0",
    "0, 2990, 1000, 10000, 299, 2691, 0",
    "4607, 0, 1000, 10000, 461, 4146, 0",
    "0, 0, 1000, 10000, 0, 0, 0",
    "5, 0, 1000, 10000, 1, 4, 0",
    "4, 0, 1000, 10000, 0, 4, 0",
    "10000, 0, 1250, 7000, 1250, 6125, 2625",
    "9999999999, 0, 10000, 10000, 9999999999, 0, 0"
  })
  void aSaleIsDividedAsTheContractSays(
      long paid, long platform, int fee, int share, long f, long s, long r) {
    Shares shares = Shares.of(paid, platform, new RevenueRates(fee, share));
    assertEquals(f, shares.platformFeeFen());
    assertEquals(s, shares.creatorShareFen());
    assertEquals(r, shares.restFen());
    assertEquals(f + r, shares.platformFen());
  }

  @ParameterizedTest
  @CsvSource({"2990, 18", "1, 0", "83, 0", "84, 1", "25, 0", "100000000, 600000"})
  void theChannelKeepsSixPerMille(long paid, long fee) {
    assertEquals(fee, Fees.channelFen(paid, Fees.CHANNEL_RATE));
  }

  @ParameterizedTest
  @CsvSource({
    "500000, 1000",
    "13455, 100",
    "50000, 100",
    "50250, 101",
    "2500000, 5000",
    "99999999, 5000"
  })
  void aWithdrawalCostsTwoPerMilleBetweenOneAndFifty(long amount, long fee) {
    assertEquals(fee, Fees.withdrawalFen(amount));
  }

  @ParameterizedTest
  @CsvSource({"10600, 600", "2990, 169", "1, 0", "0, 0", "-10600, -600"})
  void valueAddedTaxIsInsideTheAmount(long gross, long vat) {
    assertEquals(vat, Fees.vatFen(gross));
  }

  @ParameterizedTest
  @CsvSource({
    // gross -> tax, statutory table for labour remuneration
    "-500, 0",
    "0, 0",
    "80000, 0",
    "80001, 0",
    "80003, 1",
    "100000, 4000",
    "400000, 64000",
    "400001, 64000",
    "1000000, 160000",
    "2500000, 400000",
    "2500100, 400024",
    "5000000, 1000000",
    "6250000, 1300000",
    "6250100, 1300032",
    "10000000, 2500000"
  })
  void incomeTaxFollowsTheTable(long gross, long tax) {
    assertEquals(tax, Withholding.personalFen(gross));
  }

  @Test
  void taxIsCumulativeInTheMonthAndComesBackWithRefunds() {
    long first = Withholding.dueFen(300_000, 0);
    long second = Withholding.dueFen(500_000, first);
    assertEquals(Withholding.personalFen(500_000), first + second);
    assertEquals(-(first + second), Withholding.dueFen(50_000, first + second));
  }

  @Test
  void taxNeverFallsWhenIncomeRises() {
    long before = 0;
    for (long gross = 0; gross < 12_000_000; gross += 37) {
      long tax = Withholding.personalFen(gross);
      assertTrue(tax >= before && tax < Math.max(1, gross), "gross " + gross);
      before = tax;
    }
  }

  @Test
  void aPlatformCouponCostsTheCreatorNothing() {
    Price price = Price.of(2990, null, discount(Funding.PLATFORM, Kind.PERCENTAGE, 100));
    assertEquals(0, price.paidFen());
    assertEquals(2990, price.platformFen());
    assertEquals(0, price.creatorFen());
  }

  @Test
  void aCreatorCouponIsTheCreatorsOwn() {
    Price price = Price.of(2990, null, discount(Funding.CREATOR, Kind.FIXED_AMOUNT, 5000));
    assertEquals(0, price.paidFen());
    assertEquals(0, price.platformFen());
    assertEquals(2990, price.creatorFen());
  }

  @Test
  void aPercentageIsCappedAndRoundedHalfUp() {
    Discount capped = new Discount(Funding.CREATOR, Kind.PERCENTAGE, 50, 1000L, null, false);
    assertEquals(1000, Price.of(2990, null, capped).couponFen());
    assertEquals(2, discount(Funding.CREATOR, Kind.PERCENTAGE, 15).off(10));
    assertEquals(1, discount(Funding.CREATOR, Kind.PERCENTAGE, 14).off(10));
  }

  @Test
  void withoutStackingTheBetterDiscountWinsAndThePromotionOnATie() {
    Discount promotion = discount(Funding.PLATFORM, Kind.FIXED_PRICE, 2000);
    Price better = Price.of(2990, promotion, discount(Funding.CREATOR, Kind.PERCENTAGE, 50));
    assertEquals(1495, better.couponFen());
    assertEquals(0, better.promotionFen());
    assertEquals(0, better.platformFen());
    Price worse = Price.of(2990, promotion, discount(Funding.CREATOR, Kind.PERCENTAGE, 10));
    assertEquals(990, worse.promotionFen());
    assertEquals(0, worse.couponFen());
    Price tie = Price.of(2990, promotion, discount(Funding.CREATOR, Kind.FIXED_AMOUNT, 990));
    assertEquals(990, tie.promotionFen());
    assertEquals(0, tie.couponFen());
  }

  @Test
  void aStackableCouponTakesOffTheRest() {
    Discount promotion = discount(Funding.PLATFORM, Kind.PERCENTAGE, 50);
    Discount coupon = new Discount(Funding.CREATOR, Kind.PERCENTAGE, 10, null, 1000L, true);
    Price price = Price.of(2990, promotion, coupon);
    assertEquals(1495, price.promotionFen());
    assertEquals(150, price.couponFen());
    assertEquals(1345, price.paidFen());
    assertEquals(1495, price.platformFen());
    assertEquals(150, price.creatorFen());
  }

  @Test
  void belowItsMinimumADiscountTakesOffNothing() {
    Discount coupon = new Discount(Funding.CREATOR, Kind.FIXED_AMOUNT, 500, null, 3000L, false);
    assertEquals(0, Price.of(2999, null, coupon).couponFen());
    assertEquals(500, Price.of(3000, null, coupon).couponFen());
  }

  @Test
  void roundingAgreesWithBigDecimalForAnySignAndSize() {
    Random random = new Random(20261123);
    for (int i = 0; i < 200_000; i++) {
      long a = random.nextLong(-10_000_000_000L, 10_000_000_000L);
      long b = random.nextLong(0, 40_000_000);
      long c = random.nextLong(1, 40_000_000);
      BigDecimal product = BigDecimal.valueOf(a).multiply(BigDecimal.valueOf(b));
      assertEquals(
          product.divide(BigDecimal.valueOf(c), 0, RoundingMode.HALF_UP).longValueExact(),
          Rounding.mulDiv(a, b, c),
          () -> a + " * " + b + " / " + c);
    }
    assertThrows(IllegalArgumentException.class, () -> Rounding.mulDiv(1, 1, 0));
    assertThrows(ArithmeticException.class, () -> Rounding.mulDiv(Long.MAX_VALUE, 2, 1));
  }

  @Test
  void noPriceEverCreatesOrLosesAFen() {
    long seed = 7;
    Random random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      long list = random.nextLong(0, 5_000);
      Price price = Price.of(list, anyDiscount(random), anyDiscount(random));
      assertEquals(list, price.paidFen() + price.platformFen() + price.creatorFen());
      assertTrue(price.paidFen() >= 0 && price.creatorFen() >= 0, "seed " + seed + " run " + i);
      RevenueRates rates = new RevenueRates(random.nextInt(10_001), random.nextInt(10_001));
      Shares shares = Shares.of(price.paidFen(), price.platformFen(), rates);
      assertEquals(list - price.creatorFen(), shares.platformFen() + shares.creatorShareFen());
    }
  }

  private static Discount anyDiscount(Random random) {
    if (random.nextInt(4) == 0) {
      return null;
    }
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    long value = kind == Kind.PERCENTAGE ? random.nextInt(1, 101) : random.nextInt(6_000);
    return new Discount(
        Funding.values()[random.nextInt(2)],
        kind,
        value,
        random.nextBoolean() ? null : random.nextLong(0, 3_000),
        random.nextBoolean() ? null : random.nextLong(0, 3_000),
        random.nextBoolean());
  }
}
