package com.sharestack;

import com.sharestack.platform.cluster.Membership;
import com.sharestack.platform.cluster.PeerWatch;
import com.sharestack.platform.service.Probe;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a node that has just started can really serve: every node it knows has answered it, the
 * cluster shows its addresses, and every service of the contract answers it over the bus. Who opens
 * its door earlier answers its first clients with time-outs, and who says that it is ready earlier
 * lets an operator stop the next node while others cannot reach this one.
 */
final class Reach {

  private static final Logger LOG = LoggerFactory.getLogger(Reach.class);

  private static final long LOOK_MILLIS = 100;
  private static final long LATE_LOOK_MILLIS = 2_000;
  private static final long PROBE_MILLIS = 1_000;

  private final Vertx vertx;
  private final PeerWatch peers;
  private final Membership membership;
  private final Probe probe;
  private final Promise<Void> open = Promise.promise();
  private volatile long startNanos;
  private volatile String missing = "not looked yet";

  Reach(Vertx vertx, PeerWatch peers, Membership membership, Probe probe) {
    this.vertx = vertx;
    this.peers = peers;
    this.membership = membership;
    this.probe = probe;
  }

  /** Why the node cannot serve yet; "" from the moment on that it could. */
  String missing() {
    return missing;
  }

  /**
   * Begins to look, until all is there.
   *
   * @param limitMillis after this long the answer is not waited for, and a node that is known but
   *     silent is left to the watch over the others
   * @return complete when all is there, or when that time is over
   */
  Future<Void> begin(long limitMillis) {
    startNanos = System.nanoTime();
    look(limitMillis);
    return open.future();
  }

  private void look(long limitMillis) {
    boolean late = pastMillis() >= limitMillis;
    List<String> unmet = late ? List.of() : peers.notMet();
    Future<String> found =
        unmet.isEmpty()
            ? absent()
            : Future.succeededFuture("not answered yet by " + String.join(", ", unmet));
    found
        .otherwise(failure -> String.valueOf(failure.getMessage()))
        .onSuccess(
            absent -> {
              missing = absent;
              if (absent.isEmpty()) {
                LOG.info("every node and service answers after {} ms", pastMillis());
                open.tryComplete();
                return;
              }
              if (pastMillis() >= limitMillis && open.tryComplete()) {
                LOG.warn("the door opens although the node is not ready: {}", absent);
              }
              vertx.setTimer(late ? LATE_LOOK_MILLIS : LOOK_MILLIS, again -> look(limitMillis));
            });
  }

  private Future<String> absent() {
    return membership
        .hidden()
        .compose(
            hidden ->
                probe
                    .silent(PROBE_MILLIS)
                    .map(
                        silent -> {
                          List<String> reasons = new ArrayList<>();
                          if (!hidden.isEmpty()) {
                            reasons.add("the cluster does not show " + String.join(", ", hidden));
                          }
                          if (!silent.isEmpty()) {
                            reasons.add("nobody answers for " + String.join(", ", silent));
                          }
                          return String.join("; ", reasons);
                        }));
  }

  private long pastMillis() {
    return (System.nanoTime() - startNanos) / 1_000_000;
  }
}
