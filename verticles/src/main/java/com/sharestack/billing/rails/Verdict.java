package com.sharestack.billing.rails;

/** What the check of a notification found. */
public sealed interface Verdict {

  record Authentic(Notice notice) implements Verdict {}

  /**
   * @param detail for the log; holds no secret and no part of the signature
   */
  record Rejected(Reason reason, String detail) implements Verdict {}

  enum Reason {
    TOO_LONG,
    MALFORMED,
    /** No key of ours answers to that serial. */
    UNKNOWN_KEY,
    SIGNATURE,
    /** Signed more than five minutes from now (WeChat only). */
    STALE
  }
}
