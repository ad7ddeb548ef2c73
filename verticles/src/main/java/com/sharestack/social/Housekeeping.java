package com.sharestack.social;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets what the contract's retention lets go, in small portions. */
final class Housekeeping {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final long PAUSE_MILLIS = 600_000;
  private static final int BATCH = 1_000;
  private static final int ROUNDS = 100;

  /** Of events; a device that is silent for longer has to load its lists anyhow. */
  static final Duration EVENTS = Duration.ofDays(30);

  /** Recalled texts are kept so long for reports. */
  static final Duration RECALLED = Duration.ofDays(30);

  private static final Duration DEVICES = Duration.ofDays(90);

  private final Core core;

  Housekeeping(Core core) {
    this.core = core;
  }

  void start(Vertx vertx) {
    vertx.setPeriodic(PAUSE_MILLIS, due -> round());
  }

  private void round() {
    try {
      for (int i = 0; i < ROUNDS && purge(); i++) {
        LOG.debug("purged a portion of messages");
      }
      archiveIdle();
    } catch (RuntimeException failure) {
      LOG.warn("the purge of messages waits: {}", failure.toString());
    }
  }

  /**
   * Deletes one portion of each kind.
   *
   * @return whether there may be more
   */
  boolean purge() {
    Instant now = core.now();
    int erased = core.messages().eraseRecalled(core.db(), now.minus(RECALLED), BATCH);
    int devices = core.events().purgeDevices(core.db(), now.minus(DEVICES), BATCH);
    Instant before = now.minus(EVENTS);
    var users = core.events().usersWithEventsBefore(core.db(), before, BATCH);
    users.forEach(user -> trim(user, before));
    return erased == BATCH || devices == BATCH || !users.isEmpty();
  }

  /** Of users who want it: conversations that were silent for so many days. */
  void archiveIdle() {
    Instant now = core.now();
    long after = 0;
    Map<Long, Integer> users = core.settings().archivers(core.db(), after, BATCH);
    while (!users.isEmpty()) {
      for (Map.Entry<Long, Integer> user : users.entrySet()) {
        archive(user.getKey(), now.minus(Duration.ofDays(user.getValue())));
        after = user.getKey();
      }
      users = core.settings().archivers(core.db(), after, BATCH);
    }
  }

  private void archive(long user, Instant idleSince) {
    for (long id : core.conversations().idle(core.db(), user, idleSince, BATCH)) {
      core.announce(core.db().tx(tx -> new Arranging(core).archive(tx, user, id, idleSince)));
    }
  }

  private void trim(long user, Instant before) {
    core.db()
        .tx(
            tx -> {
              EventLog.Writer log = core.log().open(tx, core.now(), user);
              long newest = core.events().newestBefore(tx, user, before, BATCH);
              if (newest > 0) {
                core.events().deleteBelow(tx, user, newest + 1);
                log.heldFrom(user, newest + 1);
                log.flush();
              }
              return null;
            });
  }
}
