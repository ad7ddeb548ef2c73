package com.sharestack.billing.payments;

/** What can happen to a payment (payment_state_machine.transitions). */
public enum PaymentEvent {
  /** An order call or the renewal job opens it. */
  OPENED,
  /** The channel took a second sum for a payment that is completed: a row of its own. */
  DUPLICATE_RECEIVED,
  /** The payer has started, or the channel took the debit request; no result yet. */
  PAYER_STARTED,
  /** Verified success; amount, currency, merchant and order match. */
  PAID,
  /** Verified success over another amount or currency. */
  PAID_ANOTHER_AMOUNT,
  /** Verified success for an order that no longer waits for it: ended, or paid otherwise. */
  PAID_FOR_NOTHING,
  /** Verified refusal of the channel. */
  REFUSED,
  /** Given up by the payer, superseded or withdrawn with its order, after the channel closed it. */
  CLOSED,
  /** Past expires_at, after the channel said "not paid" and closed it. */
  EXPIRED,
  /** A refund succeeded and something is kept. */
  REFUNDED_IN_PART,
  /** A refund succeeded and nothing is kept. */
  REFUNDED_IN_FULL
}
