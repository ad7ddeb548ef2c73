package com.sharestack.billing.rails;

/** Where an order stands at the rail, in words common to both. */
public enum TradeState {
  UNPAID,
  /** The payer is at it; the result is open. */
  PAYING,
  PAID,
  /** Ended unpaid. Alipay also says so of a fully refunded trade: see {@link Trade#state()}. */
  CLOSED,
  /** Some or all of it went back; ask for the refunds. */
  REFUNDED,
  FAILED,
  /** A literal this code does not know: never a reason to act. */
  UNKNOWN
}
