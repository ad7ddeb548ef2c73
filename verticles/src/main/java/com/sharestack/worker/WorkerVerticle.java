package com.sharestack.worker;

import com.sharestack.contract.ArticlesPublishDueRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.PublishDueCommand;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.events.OutboxQueue;
import com.sharestack.platform.events.Retention;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.service.Callers;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background work of this node, on virtual threads: relays events, publishes what is due. Any
 * number of nodes may run it; each piece of work is claimed in the database.
 */
public final class WorkerVerticle extends AbstractVerticle {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerVerticle.class);
  private static final int DUE_ARTICLES = 50;
  private static final long RETENTION_PAUSE_MILLIS = 600_000;

  private final Platform platform;
  private boolean stopping;

  public WorkerVerticle(Platform platform) {
    this.platform = platform;
  }

  @Override
  public void start(Promise<Void> started) {
    Config.Worker settings = platform.config().worker();
    OutboxQueue queue = new OutboxQueue(platform.db(), platform.clock(), Ids.random("relay_", 12));
    OutboxRelay relay = new OutboxRelay(queue, vertx.eventBus(), settings.outboxBatch());
    repeat("outbox relay", settings.outboxPollMillis(), relay::run);
    ArticlesService articles =
        ServiceHost.client(
            vertx,
            ArticlesService.class,
            platform.config().localDomains(),
            platform.config().services().callTimeoutMillis());
    repeat("scheduled publication", settings.publishPollMillis(), () -> publishDue(articles));
    Retention retention = new Retention(platform.db(), platform.clock());
    repeat("retention", RETENTION_PAUSE_MILLIS, retention::run);
    started.complete();
  }

  @Override
  public void stop() {
    stopping = true;
  }

  private static boolean publishDue(ArticlesService articles) {
    return articles
            .publishDue(
                Callers.system(Ids.random("timer_", 12)),
                new ArticlesPublishDueRequest(new PublishDueCommand(DUE_ARTICLES)))
            .await()
            .published()
        == DUE_ARTICLES;
  }

  /** Runs {@code work} for ever: at once again while it says there is more, else after a pause. */
  private void repeat(String name, long pauseMillis, BooleanSupplier work) {
    vertx.setTimer(
        pauseMillis,
        due -> {
          boolean more = true;
          while (more && !stopping) {
            more = attempt(name, work);
          }
          if (!stopping) {
            repeat(name, pauseMillis, work);
          }
        });
  }

  /** A round that fails is logged and comes again after the pause: the rows wait. */
  private static boolean attempt(String name, BooleanSupplier work) {
    try {
      return work.getAsBoolean();
    } catch (RuntimeException failure) {
      LOG.warn("{} failed: {}", name, failure.toString());
      return false;
    }
  }
}
