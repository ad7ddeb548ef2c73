package com.sharestack.sandbox;

/** How a notification is spoilt; all but the first and the last are validly signed. */
enum Tamper {
  NONE,
  SIGNATURE,
  AMOUNT,
  APP_ID,
  MCH_ID,
  /** Signed ten minutes ago. */
  TIMESTAMP,
  /** By a key nobody knows (WeChat; Alipay: a wrong signature). */
  SERIAL,
  /** WeChat's probe traffic (Alipay: a wrong signature). */
  SIGNTEST
}
