package com.sharestack.billing.earnings;

import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentPurpose;
import java.time.Instant;

/**
 * A payment as the creator's income.
 *
 * @param ref event_ref of its journal: pay_, or order and period start when nothing was due
 * @param anonymous the creator may not know the payer (anonymous tips)
 * @param orderId sub_, pur_ or tip_
 * @param paymentId null when nothing was due
 * @param method null when nothing was due
 * @param shares A, Dp, F, S, R
 * @param ruleId revenue rule that matched, null for the built-in rates
 * @param rates of that rule
 * @param processedAt when the journal is posted
 * @param holdUntil end of the hold (ledger.hold)
 */
public record Sale(
    String ref,
    long creatorId,
    long payerId,
    boolean anonymous,
    PaymentPurpose purpose,
    String orderId,
    String paymentId,
    Item item,
    PaymentMethod method,
    Shares shares,
    Long ruleId,
    RevenueRates rates,
    Instant processedAt,
    Instant holdUntil) {

  /**
   * What was sold, with its name at the time.
   *
   * @param planId null for single sales and tips
   * @param articleId null for subscriptions and tips
   */
  public record Item(Long planId, String planName, Long articleId, String articleTitle) {

    /** A tip is for nothing. */
    public static final Item NONE = new Item(null, null, null, null);

    public static Item plan(long planId, String name) {
      return new Item(planId, name, null, null);
    }

    public static Item article(long articleId, String title) {
      return new Item(null, null, articleId, title);
    }
  }

  /** Which part of the breakdown it belongs to. */
  public Income income() {
    return switch (purpose) {
      case INITIAL, RENEWAL, PLAN_CHANGE -> Income.SUBSCRIPTION;
      case PURCHASE -> Income.ONE_TIME;
      case TIP -> Income.TIP;
    };
  }
}
