package com.sharestack.billing.earnings;

/** The kinds of income of earnings.breakdown. */
public enum Income {
  SUBSCRIPTION,
  ONE_TIME,
  TIP
}
