package com.sharestack.gateway.live;

import com.sharestack.contract.ErrorCode;
import io.vertx.core.json.JsonObject;

/** 60 client frames per 10 s and connection; three windows of surplus in a row are abuse. */
final class FrameRate {

  static final int FRAMES = 60;
  static final long WINDOW_MILLIS = 10_000;
  private static final int ABUSIVE_WINDOWS = 3;

  private long window = -1;
  private int frames;
  private int surplusWindows;

  enum Verdict {
    FINE,
    /** The first one above the limit: to be told. */
    FIRST_SURPLUS,
    /** Dropped without a word. */
    SURPLUS,
    ABUSE
  }

  Verdict count(long nowMillis) {
    long current = nowMillis / WINDOW_MILLIS;
    if (current != window) {
      boolean inARow = current == window + 1 && frames > FRAMES;
      surplusWindows = inARow ? surplusWindows : 0;
      window = current;
      frames = 0;
    }
    frames++;
    if (frames <= FRAMES) {
      return Verdict.FINE;
    }
    if (frames > FRAMES + 1) {
      return Verdict.SURPLUS;
    }
    surplusWindows++;
    return surplusWindows >= ABUSIVE_WINDOWS ? Verdict.ABUSE : Verdict.FIRST_SURPLUS;
  }

  Refused refusal(long nowMillis) {
    long left = WINDOW_MILLIS - nowMillis % WINDOW_MILLIS;
    ErrorCode code = ErrorCode.RATE_LIMIT_EXCEEDED;
    return new Refused(
        code.name(), code.text(), new JsonObject().put("retry_after", (left + 999) / 1000));
  }
}
