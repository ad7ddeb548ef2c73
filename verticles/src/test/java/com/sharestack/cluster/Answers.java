package com.sharestack.cluster;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Random;

/**
 * What the answers to one device mean: done, refused, or unclear. Reports failures of a kind that
 * the contract does not name, and answers that take longer than the send timeout.
 */
final class Answers {

  /** After the send timeout an answer is late; the rest is for a machine that is busy. */
  static final long MOST_SILENCE = ClusterSettings.CALL_TIMEOUT + 4_000;

  /** What failures may be told as while something is broken. */
  static final Map<String, Integer> PASSING =
      Map.of("SERVICE_UNAVAILABLE", 503, "GATEWAY_TIMEOUT", 504, "RATE_LIMIT_EXCEEDED", 429);

  private static final long MOST_BACKOFF = 3_000;

  static final Answer NOTHING = new Answer(Answer.UNCLEAR, null);

  private final History history;
  private final FaultyCluster cluster;
  private final String device;
  private volatile long answeredNanos = System.nanoTime();
  private int unclear;

  /**
   * @param code null when it was done; UNCLEAR when it may have been done or not, now or later
   */
  record Answer(String code, JsonObject data) {
    private static final String UNCLEAR = "UNCLEAR";

    boolean done() {
      return code == null;
    }

    boolean unclear() {
      return UNCLEAR.equals(code);
    }
  }

  Answers(History history, FaultyCluster cluster, String device) {
    this.history = history;
    this.cluster = cluster;
    this.device = device;
  }

  /** When something was last answered in the words of the contract, be it a refusal. */
  long answeredNanos() {
    return answeredNanos;
  }

  Answer done(JsonObject data) {
    answered();
    return new Answer(null, data);
  }

  private void answered() {
    answeredNanos = System.nanoTime();
    unclear = 0;
  }

  /** How long a client waits before it asks again: longer after each unclear answer in a row. */
  long backoffMillis(Random random) {
    long most = Math.min(MOST_BACKOFF, 100L << Math.min(unclear, 10));
    return unclear == 0 ? 0 : most / 2 + random.nextLong(most);
  }

  /**
   * @param status 0 where there is none
   * @param told the whole answer
   */
  Answer failed(String what, String door, String code, int status, JsonObject told) {
    if (PASSING.containsKey(code) && (status == 0 || PASSING.get(code) == status)) {
      history.count("failure: " + door + " " + code);
      unclear++;
      return NOTHING;
    }
    if (code == null || status >= 500 || code.equals("INTERNAL_ERROR")) {
      history.count("failure: " + door + " " + code);
      history.violated(device, what + " failed in no documented way: " + told);
      return NOTHING;
    }
    answered();
    return new Answer(code, told);
  }

  /** Nobody listened, which only a node that was down explains. */
  void refused(String what, int node, long sinceNanos, Exception failure) {
    ended(what, cluster.wasDown(node, sinceNanos), node, failure);
  }

  /**
   * Ended in the middle, which only a killed node explains, or one that stopped listening while the
   * connection waited to be accepted.
   */
  void cut(String what, int node, long sinceNanos, Exception failure) {
    boolean killed = cluster.wasKilled(node, sinceNanos);
    boolean down = cluster.wasDown(node, sinceNanos);
    ended(what + (down && !killed ? " at the end of a node" : ""), down, node, failure);
  }

  private void ended(String what, boolean explained, int node, Exception failure) {
    history.count("failure: " + what);
    if (!explained) {
      history.violated(device, what + " though node " + node + " lives: " + failure);
    }
  }

  void silence(String what, long startNanos) {
    history.silence(device, what, Waiting.millisSince(startNanos), MOST_SILENCE);
  }
}
