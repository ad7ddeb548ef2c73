package com.sharestack.social;

import com.sharestack.contract.ConversationsService;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.MessagesService;
import com.sharestack.contract.MessagesSettingsService;
import com.sharestack.contract.ModerationService;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.crypto.BlindIndex;
import com.sharestack.platform.crypto.Sealer;
import com.sharestack.platform.events.EventHandler;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.jobs.JobRunner;
import com.sharestack.platform.presence.Hints;
import com.sharestack.platform.presence.Presence;
import com.sharestack.platform.service.DomainVerticle;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import java.util.Map;

/** Hosts the services of the social domain. */
public final class SocialVerticle extends DomainVerticle {

  private Core core;
  private JobRunner offline;

  public SocialVerticle(Platform platform) {
    super("social", platform);
  }

  @Override
  protected void serve(ServiceHost host, Platform platform) {
    TokenBucket bucket = new TokenBucket(platform.config().rates().operationFactor());
    core = core(host, platform, bucket);
    MessageViews messageViews =
        new MessageViews(core.db(), core.messages(), core.settings(), core.vault());
    ConversationViews conversationViews =
        new ConversationViews(
            core.db(), core.messages(), core.settings(), messageViews, core.peers());
    JobQueue jobs = new JobQueue(platform.db(), platform.clock());
    OfflineNotices notices = new OfflineNotices(core, jobs, platform.outbox());
    Delivery delivery = new Delivery(core);
    Opening opening = new Opening(core);
    Synchronizing synchronizing =
        new Synchronizing(
            vertx, core, new EventViews(core, conversationViews, messageViews), delivery);
    host.serve(
        ConversationsService.class,
        new ConversationsServiceImpl(
            core, opening, synchronizing, delivery, conversationViews, messageViews));
    host.serve(
        MessagesService.class,
        new MessagesServiceImpl(
            core,
            new Sending(core, host.client(ModerationService.class), notices, bucket),
            opening,
            synchronizing,
            messageViews));
    host.serve(MessagesSettingsService.class, new MessagesSettingsServiceImpl(core));
    new Housekeeping(core).start(vertx);
    offline =
        new JobRunner(
            vertx,
            jobs,
            OfflineNotices.JOB_TYPE,
            notices,
            platform.config().worker().jobPollMillis());
    offline.start();
  }

  private Core core(ServiceHost host, Platform platform, TokenBucket bucket) {
    Config.Secrets secrets = platform.config().secrets();
    Vault vault =
        new Vault(Sealer.ofKey(secrets.data()), new BlindIndex(secrets.index()), platform.clock());
    ConversationRepository conversations = new ConversationRepository();
    EventRepository events = new EventRepository();
    return new Core(
        platform.db(),
        platform.clock(),
        conversations,
        new MessageRepository(),
        events,
        new SettingsRepository(),
        new Rooms(conversations, vault),
        new EventLog(events, bucket),
        new Peers(host.client(UsersService.class)),
        vault,
        new Hints(vertx, new Presence(platform.cache(), platform.clock())));
  }

  @Override
  public void stop() {
    offline.stop();
  }

  @Override
  protected Map<EventTopic, EventHandler> events() {
    return new Blocks(core).handlers();
  }
}
