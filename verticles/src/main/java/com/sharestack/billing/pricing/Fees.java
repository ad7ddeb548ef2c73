package com.sharestack.billing.pricing;

/** Fees and value-added tax (money_formulas). */
public final class Fees {

  /** 0.6 % of what a channel collects. */
  public static final int CHANNEL_RATE = 60;

  private static final int WITHDRAWAL_RATE = 20;
  private static final long WITHDRAWAL_MIN_FEN = 100;
  private static final long WITHDRAWAL_MAX_FEN = 5_000;
  private static final int VAT_PERCENT = 6;

  private Fees() {}

  /**
   * C, what the channel is expected to keep of a payment.
   *
   * @param rate in ten-thousandths
   */
  public static long channelFen(long paidFen, int rate) {
    return Rounding.mulDiv(paidFen, rate, RevenueRates.UNIT);
  }

  /** 0.2 % of a withdrawal, at least 1.00 and at most 50.00. */
  public static long withdrawalFen(long amountFen) {
    long fee = Rounding.mulDiv(amountFen, WITHDRAWAL_RATE, RevenueRates.UNIT);
    return Math.min(WITHDRAWAL_MAX_FEN, Math.max(WITHDRAWAL_MIN_FEN, fee));
  }

  /** The tax inside an amount that includes it. */
  public static long vatFen(long grossFen) {
    return grossFen - Rounding.mulDiv(grossFen, 100, 100 + VAT_PERCENT);
  }
}
