package com.sharestack.platform.service;

import com.sharestack.contract.EventTopic;
import com.sharestack.platform.events.EventHandler;
import com.sharestack.platform.events.Inbox;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import java.util.Map;

/**
 * A verticle that hosts the services of one domain, deployed on virtual threads. Subclasses build
 * their objects in {@link #serve} and name the events they consume in {@link #events}.
 */
public abstract class DomainVerticle extends AbstractVerticle {

  private final String domain;
  private final Platform platform;
  private ServiceHost host;

  protected DomainVerticle(String domain, Platform platform) {
    this.domain = domain;
    this.platform = platform;
  }

  @Override
  public final void start(Promise<Void> started) {
    host = platform.host(vertx, domain);
    serve(host, platform);
    host.requireComplete();
    Inbox inbox = new Inbox(platform.db(), platform.clock(), domain);
    host.registered().compose(ready -> inbox.consume(vertx, events())).onComplete(started);
  }

  /**
   * Off the bus first, then the calls under way end, then {@link #stop()}: an instance can be
   * removed under load.
   */
  @Override
  public void stop(Promise<Void> stopped) {
    host.drain(platform.config().drain().deadlineMillis())
        .onComplete(drained -> context.runOnContext(go -> stopNow(stopped)));
  }

  private void stopNow(Promise<Void> stopped) {
    try {
      super.stop(stopped);
    } catch (Exception broken) {
      stopped.tryFail(broken);
    }
  }

  /** Builds the domain's services and registers each with {@code host}. */
  protected abstract void serve(ServiceHost host, Platform platform);

  /** What to do with each event the contract lists this domain as a consumer of. */
  protected Map<EventTopic, EventHandler> events() {
    return Map.of();
  }
}
