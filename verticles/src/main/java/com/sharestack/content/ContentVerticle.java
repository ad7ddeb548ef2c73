package com.sharestack.content;

import com.sharestack.contract.AccessService;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.CategoriesService;
import com.sharestack.contract.ContentAccessChangedEvent;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.ModerationService;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.PurchasesService;
import com.sharestack.contract.SubscriptionActivatedEvent;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.TrialService;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.events.EventHandler;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.service.Callers;
import com.sharestack.platform.service.DomainVerticle;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import com.sharestack.platform.service.Signals;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hosts the services of the domain content. */
public final class ContentVerticle extends DomainVerticle {

  private static final Logger LOG = LoggerFactory.getLogger(ContentVerticle.class);

  /** Views reach MySQL within a minute also when one round fails. */
  private static final long FLUSH_MILLIS = 15_000;

  private Details details;
  private Entitlements entitlements;
  private ViewCounter counter;

  public ContentVerticle(Platform platform) {
    super("content", platform);
  }

  @Override
  protected void serve(ServiceHost host, Platform platform) {
    Config config = platform.config();
    Db db = platform.db();
    Clock clock = platform.clock();
    Outbox outbox = platform.outbox();
    Set<String> mediaHosts = Set.copyOf(config.content().mediaHosts());
    Store store = Store.of(db, outbox);
    Renderer renderer = new Renderer(mediaHosts);
    Categories categories = new Categories(new CategoryRepository(db), clock);
    Authors authors = new Authors(host.client(UsersService.class), clock);
    AuthorVisibility authorVisibility = new AuthorVisibility(db, store.counts(), authors);
    details = new Details(store.articles(), store.bodies(), store.tags(), renderer, clock);
    entitlements =
        new Entitlements(
            new AccessRepository(db),
            host.client(SubscriptionsService.class),
            host.client(PurchasesService.class),
            categories,
            clock);
    counter = new ViewCounter(platform.cache(), store.counts(), config.secrets().index());
    Visible visible = new Visible(details, store.bodies(), authors, authorVisibility, entitlements);
    Paywalls paywalls = new Paywalls(host.client(PlansService.class));
    ArticleViews views = new ArticleViews(config.http().publicUrl());
    InputRules inputs = new InputRules(categories, mediaHosts);
    Publishing publishing = new Publishing(config.content(), store.index(), inputs, authors);
    ArticleReader reader =
        new ArticleReader(
            visible,
            entitlements,
            paywalls,
            categories,
            views,
            new Watermarks(config.secrets().index()),
            counter,
            db,
            outbox,
            clock);
    ArticleLists lists =
        new ArticleLists(
            new ListRepository(db),
            new ListFilters(authors, categories, store.tags()),
            store.tags(),
            categories,
            authors,
            authorVisibility,
            entitlements,
            clock);
    host.serve(CategoriesService.class, new CategoriesServiceImpl(categories));
    host.serve(
        AccessService.class, new AccessServiceImpl(visible, entitlements, paywalls, authors));
    host.serve(TrialService.class, new TrialServiceImpl(reader));
    host.serve(ModerationService.class, new ModerationServiceImpl());
    host.serve(
        ArticlesService.class,
        new ArticlesServiceImpl(
            store,
            reader,
            lists,
            new ArticleCreator(
                store,
                renderer,
                inputs,
                publishing,
                authors,
                categories,
                details,
                views,
                db,
                outbox,
                clock),
            new ArticleEditor(store, renderer, inputs, publishing, db, outbox, clock),
            new Publication(store, renderer, publishing, db, clock),
            new DuePublication(store, renderer, publishing, authors, db, clock),
            new StaleBodies(store, renderer, db)));
    vertx.setPeriodic(FLUSH_MILLIS, due -> flush());
    listen(authorVisibility);
  }

  private void listen(AuthorVisibility authorVisibility) {
    vertx
        .eventBus()
        .<JsonObject>consumer(
            Signals.USER_CHANGED,
            hint ->
                vertx
                    .getOrCreateContext()
                    .runOnContext(go -> follow(authorVisibility, hint.body().getLong("user_id"))));
  }

  /** A hint that is lost here is made good by the next reader of the author's articles. */
  private static void follow(AuthorVisibility authorVisibility, long userId) {
    try {
      authorVisibility.changed(Callers.system(Ids.random("hint_", 12)), userId);
    } catch (RuntimeException failure) {
      LOG.warn("state of user {} not followed: {}", userId, failure.toString());
    }
  }

  private void flush() {
    try {
      counter.flush();
    } catch (RuntimeException failure) {
      LOG.warn("views were not written: {}", failure.toString());
    }
  }

  @Override
  public void stop() {
    flush();
  }

  @Override
  protected Map<EventTopic, EventHandler> events() {
    return Map.of(
        EventTopic.SUBSCRIPTION_ACTIVATED,
        (tx, event) ->
            entitlements.forget(event.payload(SubscriptionActivatedEvent.class).userId()),
        EventTopic.CONTENT_ACCESS_CHANGED,
        (tx, event) -> details.forget(event.payload(ContentAccessChangedEvent.class).articleId()));
  }
}
