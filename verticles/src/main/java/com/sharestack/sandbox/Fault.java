package com.sharestack.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * Something that goes wrong with the next calls of an operation.
 *
 * @param rail null = both
 * @param operation create, query, close, refund, query_refund, bill, download; null = all
 * @param times left
 * @param probability of each call to be hit, drawn from the seed
 * @param code of REFUSE, in the rail's own words
 */
record Fault(
    TwinRail rail,
    String operation,
    Kind kind,
    int times,
    double probability,
    long delayMillis,
    int status,
    String code,
    String message) {

  enum Kind {
    /** Takes effect; the connection closes without an answer. */
    LOST_ANSWER,
    /** No effect; the connection closes. */
    DOWN,
    /** Takes effect at once, answers after delay_ms. */
    SLOW,
    /** Takes effect; answers a page of HTML with status 200. */
    GARBAGE,
    /** Takes effect; the signature of the answer is wrong. */
    BAD_SIGNATURE,
    /** Takes effect; the answer carries no signature. */
    UNSIGNED,
    /** Takes effect; probe traffic, to be refused like a wrong signature (WeChat). */
    SIGNTEST,
    /** Takes effect; signed ten minutes ago (WeChat). */
    STALE_TIMESTAMP,
    /** Takes effect; signed by a key nobody knows (WeChat). */
    WRONG_SERIAL,
    /** No effect; the rail's own system error. */
    SYSTEM_ERROR,
    /** No effect; refused with status, code and message. */
    REFUSE
  }

  static Fault of(JsonObject json) {
    String rail = json.getString("rail");
    int times = json.getInteger("times", 1);
    if (times < 1 || times > 1_000_000) {
      throw new IllegalArgumentException("times must be 1 to 1000000");
    }
    return new Fault(
        rail == null ? null : TwinRail.valueOf(rail.toUpperCase(Locale.ROOT)),
        json.getString("operation"),
        Kind.valueOf(json.getString("kind", "").toUpperCase(Locale.ROOT)),
        times,
        json.getDouble("probability", 1.0),
        Math.min(json.getLong("delay_ms", 0L), 60_000),
        json.getInteger("status", 400),
        json.getString("code", "SYSTEM_ERROR"),
        json.getString("message", "沙箱植入的错误"));
  }

  boolean concerns(TwinRail called, String name) {
    return (rail == null || rail == called) && (operation == null || operation.equals(name));
  }

  Fault used() {
    return new Fault(
        rail, operation, kind, times - 1, probability, delayMillis, status, code, message);
  }

  /** Whether the call still changes the twin's state. */
  boolean effective() {
    return kind != Kind.DOWN && kind != Kind.SYSTEM_ERROR && kind != Kind.REFUSE;
  }

  JsonObject json() {
    return new JsonObject()
        .put("rail", rail == null ? null : rail.code())
        .put("operation", operation)
        .put("kind", kind.name().toLowerCase(Locale.ROOT))
        .put("times", times)
        .put("probability", probability)
        .put("delay_ms", delayMillis);
  }
}
