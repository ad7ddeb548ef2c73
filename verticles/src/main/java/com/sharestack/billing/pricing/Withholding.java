package com.sharestack.billing.pricing;

/**
 * Income tax that the platform withholds (money_formulas.withholding), cumulative per calendar
 * month. Rates and limits are those of table labour-2018; which table is in force is configuration.
 */
public final class Withholding {

  /** Name stored with a settlement. */
  public static final String TABLE = "labour-2018";

  private static final long FREE_FEN = 800_00;
  private static final long FLAT_UP_TO_FEN = 4_000_00;

  private Withholding() {}

  /**
   * Tax on a person's gross of one month. The base is the gross less 800 up to 4,000, else 80 % of
   * it; 20 % of the base up to 20,000, 30 % less 2,000 up to 50,000, 40 % less 7,000 above.
   *
   * @param grossFen net of refunds; below zero counts as zero
   */
  public static long personalFen(long grossFen) {
    if (grossFen <= FREE_FEN) {
      return 0;
    }
    if (grossFen <= FLAT_UP_TO_FEN) {
      return Rounding.mulDiv(grossFen - FREE_FEN, 20, 100);
    }
    // brackets compare the exact base, 80 % of the gross; only the tax itself is rounded
    long baseTimes100 = Math.multiplyExact(grossFen, 80L);
    if (baseTimes100 <= 20_000_00L * 100) {
      return Rounding.mulDiv(baseTimes100, 20, 10_000);
    }
    if (baseTimes100 <= 50_000_00L * 100) {
      return Rounding.mulDiv(baseTimes100, 30, 10_000) - 2_000_00;
    }
    return Rounding.mulDiv(baseTimes100, 40, 10_000) - 7_000_00;
  }

  /**
   * T of a settlement: the month's tax less what was withheld. Negative when refunds lowered the
   * month's gross; never more is given back than was withheld.
   *
   * @param monthGrossFen creator shares of the month including this settlement, net of refunds
   */
  public static long dueFen(long monthGrossFen, long withheldFen) {
    return personalFen(monthGrossFen) - withheldFen;
  }
}
