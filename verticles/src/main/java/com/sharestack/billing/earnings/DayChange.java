package com.sharestack.billing.earnings;

import com.sharestack.billing.earnings.EarningLineRepository.Stored;
import com.sharestack.billing.pricing.RefundSplit;

/**
 * What a line adds to its day.
 *
 * @param baseFen share base B, below zero for refunds
 * @param platformFen F + R
 * @param shareFen S
 */
record DayChange(
    long creatorId,
    Income income,
    long baseFen,
    long platformFen,
    long shareFen,
    int sales,
    int refunds) {

  static DayChange of(Sale sale) {
    return new DayChange(
        sale.creatorId(),
        sale.income(),
        sale.shares().baseFen(),
        sale.shares().platformFen(),
        sale.shares().creatorShareFen(),
        1,
        0);
  }

  static DayChange of(Stored sale, RefundSplit split) {
    return new DayChange(
        sale.creatorId(),
        sale.income(),
        -(split.platformFen() + split.creatorFen()),
        -split.platformFen(),
        -split.creatorFen(),
        0,
        1);
  }

  /** A refund that was undone; its amounts are below zero. */
  static DayChange back(Stored refund) {
    return new DayChange(
        refund.creatorId(),
        refund.income(),
        -(refund.platformFen() + refund.shareFen()),
        -refund.platformFen(),
        -refund.shareFen(),
        0,
        0);
  }

  long fenOf(Income wanted) {
    return income == wanted ? baseFen : 0;
  }
}
