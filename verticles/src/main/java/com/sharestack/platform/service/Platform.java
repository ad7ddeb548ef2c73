package com.sharestack.platform.service;

import com.sharestack.platform.cache.Cache;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.storage.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;

/** What every domain builds upon; one per process. */
public record Platform(
    Config config,
    Db db,
    Cache cache,
    Outbox outbox,
    ObjectStore storage,
    Clock clock,
    MeterRegistry meters,
    InFlight inFlight) {

  public Platform(
      Config config,
      Db db,
      Cache cache,
      Outbox outbox,
      ObjectStore storage,
      Clock clock,
      MeterRegistry meters) {
    this(config, db, cache, outbox, storage, clock, meters, new InFlight());
  }

  /** The same parts under a configuration that knows more. */
  public Platform with(Config known) {
    return new Platform(known, db, cache, outbox, storage, clock, meters, inFlight);
  }

  /** The same parts with a store for files. */
  public Platform with(ObjectStore store) {
    return new Platform(config, db, cache, outbox, store, clock, meters, inFlight);
  }

  ServiceHost host(Vertx vertx, String domain) {
    return new ServiceHost(
        vertx,
        domain,
        config.localDomains(),
        new ServiceHost.Limits(
            config.services().callsInFlight(), config.services().callTimeoutMillis()),
        meters,
        inFlight);
  }
}
