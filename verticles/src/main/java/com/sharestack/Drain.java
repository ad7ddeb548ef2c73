package com.sharestack;

import com.sharestack.gateway.Gateway;
import com.sharestack.platform.cluster.Membership;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.health.Health;
import com.sharestack.platform.service.InFlight;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node leaves without anybody noticing: it says that it is not ready; takes its addresses out
 * of the cluster while their handlers still answer whoever has not heard of it; asks HTTP clients
 * to go elsewhere; then stops listening and ends what is under way. Only after that verticles go.
 */
final class Drain {

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  /** Other nodes hear within this time that an address is gone. */
  private static final long SETTLE_MILLIS = 1_000;

  private static final long WITHDRAW_SECONDS = 5;

  private final Vertx vertx;
  private final Config.Drain settings;
  private final Health health;
  private final Membership membership;
  private final Gateway gateway;
  private final InFlight inFlight;

  /**
   * @param membership null without a cluster
   * @param gateway null where the role does not run
   */
  Drain(
      Vertx vertx,
      Config.Drain settings,
      Health health,
      Membership membership,
      Gateway gateway,
      InFlight inFlight) {
    this.vertx = vertx;
    this.settings = settings;
    this.health = health;
    this.membership = membership;
    this.gateway = gateway;
    this.inFlight = inFlight;
  }

  /** The longest it may take. */
  long limitMillis() {
    return TimeUnit.SECONDS.toMillis(WITHDRAW_SECONDS)
        + Math.max(SETTLE_MILLIS, settings.noticeMillis())
        + settings.deadlineMillis()
        + SETTLE_MILLIS;
  }

  /** Never fails: what could not be ended in time is logged and left. */
  Future<Void> run() {
    health.drain();
    if (gateway != null) {
      gateway.announceClose();
    }
    boolean others = membership != null && membership.nodes().size() > 1;
    long notice = Math.max(others ? SETTLE_MILLIS : 0, settings.noticeMillis());
    return withdraw(others)
        .compose(out -> notice > 0 ? vertx.timer(notice) : Future.succeededFuture())
        .compose(told -> end(System.nanoTime()))
        .map(
            ended -> {
              if (!ended) {
                LOG.warn("stopping with calls under way: {}", inFlight.busy());
              }
              return null;
            });
  }

  /** Doors and calls share the deadline. */
  private Future<Boolean> end(long startNanos) {
    return closeDoors()
        .compose(
            closed -> {
              long past = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
              return inFlight.idle(vertx, Math.max(1, settings.deadlineMillis() - past));
            });
  }

  private Future<Void> withdraw(boolean others) {
    if (!others) {
      return Future.succeededFuture();
    }
    return membership
        .withdraw()
        .timeout(WITHDRAW_SECONDS, TimeUnit.SECONDS)
        .onFailure(still -> LOG.warn("addresses are still in the cluster: {}", still.toString()))
        .otherwiseEmpty();
  }

  private Future<Void> closeDoors() {
    if (gateway == null) {
      return Future.succeededFuture();
    }
    return gateway
        .drain(settings.deadlineMillis())
        .timeout(settings.deadlineMillis(), TimeUnit.MILLISECONDS)
        .onFailure(open -> LOG.warn("connections are still open: {}", open.toString()))
        .otherwiseEmpty();
  }
}
