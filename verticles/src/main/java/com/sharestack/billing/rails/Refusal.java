package com.sharestack.billing.rails;

/** Why a rail said no, in words common to both. */
public enum Refusal {
  NOT_FOUND,
  ALREADY_PAID,
  ORDER_CLOSED,
  /** The same number came before with other values. */
  PARAMETERS_CHANGED,
  /** Too often; nothing was done. */
  FREQUENCY,
  /** The merchant's balance does not cover the refund. */
  BALANCE_LOW,
  /** The order's state does not allow it; which state, a query tells. */
  WRONG_STATE,
  /** More than is left to refund. */
  AMOUNT_EXCEEDED,
  /** The bill of that day is not ready or does not exist. */
  BILL_NOT_READY,
  /** Our signature, app or merchant: an operator must look. */
  NOT_AUTHORISED,
  OTHER
}
