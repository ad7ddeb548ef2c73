package com.sharestack.worker;

import com.sharestack.contract.ArticlesPublishDueRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.PublishDueCommand;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.events.OutboxQueue;
import com.sharestack.platform.events.Retention;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.jobs.Rounds;
import com.sharestack.platform.service.Callers;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;

/**
 * Background work of this node, on virtual threads: relays events, publishes what is due. Any
 * number of nodes may run it; each piece of work is claimed in the database.
 */
public final class WorkerVerticle extends AbstractVerticle {

  private static final int DUE_ARTICLES = 50;
  private static final long RETENTION_PAUSE_MILLIS = 600_000;

  private final Platform platform;
  private Rounds rounds;

  public WorkerVerticle(Platform platform) {
    this.platform = platform;
  }

  @Override
  public void start(Promise<Void> started) {
    rounds = new Rounds(vertx);
    Config.Worker settings = platform.config().worker();
    OutboxQueue queue = new OutboxQueue(platform.db(), platform.clock(), Ids.random("relay_", 12));
    OutboxRelay relay = new OutboxRelay(queue, vertx.eventBus(), settings.outboxBatch());
    rounds.repeat("outbox relay", settings.outboxPollMillis(), relay::run);
    ArticlesService articles =
        ServiceHost.client(
            vertx,
            ArticlesService.class,
            platform.config().localDomains(),
            platform.config().services().callTimeoutMillis());
    rounds.repeat(
        "scheduled publication", settings.publishPollMillis(), () -> publishDue(articles));
    Retention retention = new Retention(platform.db(), platform.clock());
    rounds.repeat("retention", RETENTION_PAUSE_MILLIS, retention::run);
    started.complete();
  }

  @Override
  public void stop() {
    rounds.stop();
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
}
