package com.sharestack.content;

import com.sharestack.content.AccessRepository.Passes;
import com.sharestack.content.AccessRules.Facts;
import com.sharestack.content.AccessRules.Pass;
import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.Caller;
import com.sharestack.contract.GrantsQuery;
import com.sharestack.contract.PassesQuery;
import com.sharestack.contract.PurchaseOpening;
import com.sharestack.contract.PurchasePass;
import com.sharestack.contract.PurchasePasses;
import com.sharestack.contract.PurchasesOpenedRequest;
import com.sharestack.contract.PurchasesPassesRequest;
import com.sharestack.contract.PurchasesService;
import com.sharestack.contract.SubscriptionGrant;
import com.sharestack.contract.SubscriptionOpening;
import com.sharestack.contract.SubscriptionsGrantsRequest;
import com.sharestack.contract.SubscriptionsOpenedRequest;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.platform.cache.LocalCache;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers the facts for {@link AccessRules}: at most one statement and two calls to billing, side
 * by side, for any number of articles, none for those that need no entitlement.
 *
 * <p>Subscriptions that give access are remembered for five seconds, never beyond their own end;
 * their absence is never remembered, so a new subscriber reads at once on every node. Purchases are
 * asked of billing each time: what is paid is open and what is refunded is shut with the commit
 * that says so.
 */
final class Entitlements {

  private static final Duration KEPT = Duration.ofSeconds(5);
  private static final int GRANTS_KEPT = 20_000;
  private static final Duration OPENINGS_KEPT = Duration.ofHours(1);
  private static final int OPENINGS_REMEMBERED = 50_000;

  private record Key(long userId, long creatorId) {}

  /**
   * An opening that billing knows of.
   *
   * @param countedUntil of the grant, another one for each paid period
   */
  private record Opened(long userId, long articleId, Instant countedUntil) {}

  private final AccessRepository repository;
  private final SubscriptionsService subscriptions;
  private final PurchasesService purchases;
  private final Categories categories;
  private final Clock clock;
  private final LocalCache<Key, SubscriptionGrant> grants;
  private final LocalCache<Opened, Boolean> openings;

  Entitlements(
      AccessRepository repository,
      SubscriptionsService subscriptions,
      PurchasesService purchases,
      Categories categories,
      Clock clock) {
    this.repository = repository;
    this.subscriptions = subscriptions;
    this.purchases = purchases;
    this.categories = categories;
    this.clock = clock;
    this.grants = LocalCache.ofEntries(clock, KEPT, GRANTS_KEPT);
    this.openings = LocalCache.ofEntries(clock, OPENINGS_KEPT, OPENINGS_REMEMBERED);
  }

  /**
   * @param subscribed whether a subscription to the author gives access to something; empty when
   *     nobody had to ask
   * @param untold that billing must hear of it before the whole text is handed out: bought, or open
   *     to a subscriber who has paid lately, and not opened yet
   * @param countedUntil of the subscription that opens it; null when it does not count openings
   */
  record Verdict(
      AccessInfo access, Optional<Boolean> subscribed, boolean untold, Instant countedUntil) {}

  /** The verdict about viewing each article. Fails as billing does when it must be asked. */
  Map<Long, Verdict> decide(Caller caller, Viewer viewer, List<ArticleRow> articles) {
    List<ArticleRow> open =
        articles.stream().filter(article -> undecided(viewer, article)).toList();
    Map<Long, Passes> passes =
        open.isEmpty()
            ? Map.of()
            : repository.of(viewer.userId(), open.stream().map(ArticleRow::id).toList());
    Future<PurchasePasses> asked = bought(caller, viewer, open);
    Map<Long, SubscriptionGrant> granted =
        subscriptions(
            caller, viewer.userId(), open.stream().map(ArticleRow::authorId).distinct().toList());
    Bought bought = Bought.of(asked);
    CategoryTree tree = open.isEmpty() ? null : categories.tree();
    Instant now = clock.instant();
    Map<Long, Verdict> verdicts = new HashMap<>();
    for (ArticleRow article : articles) {
      boolean undecided = undecided(viewer, article);
      SubscriptionGrant grant = granted.get(article.authorId());
      Facts facts = undecided ? facts(article, passes, bought, grant, tree) : Facts.NONE;
      AccessInfo access = AccessRules.decide(viewer, article, facts, now);
      if (undecided && !access.allowed()) {
        bought.requireKnown();
      }
      verdicts.put(article.id(), verdict(viewer, article, access, grant, bought, now));
    }
    return verdicts;
  }

  private Verdict verdict(
      Viewer viewer,
      ArticleRow article,
      AccessInfo access,
      SubscriptionGrant grant,
      Bought bought,
      Instant now) {
    Optional<Boolean> subscribed =
        undecided(viewer, article) ? Optional.of(grant != null) : Optional.empty();
    if (access.source() == AccessSource.PURCHASED) {
      return new Verdict(access, subscribed, bought.unread(article.id()), null);
    }
    Instant until =
        access.source() == AccessSource.SUBSCRIPTION ? grant.countsOpeningsUntil() : null;
    boolean counted = until != null && !now.isAfter(until);
    return new Verdict(
        access,
        subscribed,
        counted && openings.get(new Opened(viewer.userId(), article.id(), until)).isEmpty(),
        counted ? until : null);
  }

  /**
   * What billing said of purchases. While it says nothing, whoever may read for another reason
   * still reads.
   */
  private record Bought(Map<Long, PurchasePass> passes, RuntimeException away) {

    static Bought of(Future<PurchasePasses> asked) {
      try {
        Map<Long, PurchasePass> passes = new HashMap<>();
        asked.await().items().forEach(pass -> passes.put(pass.articleId(), pass));
        return new Bought(passes, null);
      } catch (RuntimeException away) {
        return new Bought(Map.of(), away);
      }
    }

    Optional<Pass> pass(long articleId) {
      return Optional.ofNullable(passes.get(articleId)).map(pass -> new Pass(pass.expiresAt()));
    }

    boolean unread(long articleId) {
      return passes.containsKey(articleId) && !passes.get(articleId).opened();
    }

    void requireKnown() {
      if (away != null) {
        throw away;
      }
    }
  }

  private Future<PurchasePasses> bought(Caller caller, Viewer viewer, List<ArticleRow> open) {
    return open.isEmpty()
        ? Future.succeededFuture(new PurchasePasses(List.of()))
        : purchases.passes(
            caller,
            new PurchasesPassesRequest(
                new PassesQuery(viewer.userId(), open.stream().map(ArticleRow::id).toList())));
  }

  /**
   * Says to billing that a buyer or subscriber is about to be handed the whole text.
   *
   * @return whether what opens it still stands
   */
  boolean open(Caller caller, long userId, ArticleRow article, Verdict verdict) {
    return verdict.countedUntil() == null
        ? purchases
            .opened(caller, new PurchasesOpenedRequest(new PurchaseOpening(userId, article.id())))
            .await()
            .open()
        : openBySubscription(caller, userId, article, verdict.countedUntil());
  }

  private boolean openBySubscription(
      Caller caller, long userId, ArticleRow article, Instant countedUntil) {
    boolean stands =
        subscriptions
            .opened(
                caller,
                new SubscriptionsOpenedRequest(
                    new SubscriptionOpening(userId, article.authorId(), article.id())))
            .await()
            .open();
    if (stands) {
      openings.put(new Opened(userId, article.id(), countedUntil), true);
    } else {
      grants.evict(new Key(userId, article.authorId()));
    }
    return stands;
  }

  Verdict decide(Caller caller, Viewer viewer, ArticleRow article) {
    return decide(caller, viewer, List.of(article)).get(article.id());
  }

  /** Whether a reader without subscription may keep reading an article that left the lists. */
  boolean keeps(Caller caller, Viewer viewer, ArticleRow article) {
    if (viewer.anonymous()) {
      return false;
    }
    Passes passes =
        repository
            .of(viewer.userId(), List.of(article.id()))
            .getOrDefault(article.id(), Passes.NONE);
    Instant now = clock.instant();
    if (passes.grant().filter(pass -> pass.valid(now)).isPresent()
        || passes.purchase().filter(pass -> pass.valid(now)).isPresent()) {
      return true;
    }
    Bought bought = Bought.of(bought(caller, viewer, List.of(article)));
    bought.requireKnown();
    return bought.pass(article.id()).filter(pass -> pass.valid(now)).isPresent();
  }

  /** Whether the viewer's subscription to the author gives access now. */
  boolean subscribed(Caller caller, long userId, long authorId) {
    return !subscriptions(caller, userId, List.of(authorId)).isEmpty();
  }

  void forget(long userId) {
    grants.evictIf(key -> key.userId == userId);
  }

  private static boolean undecided(Viewer viewer, ArticleRow article) {
    return article.gated() && !viewer.anonymous() && !viewer.staff() && !viewer.wrote(article);
  }

  private static Facts facts(
      ArticleRow article,
      Map<Long, Passes> passes,
      Bought bought,
      SubscriptionGrant grant,
      CategoryTree tree) {
    Passes own = passes.getOrDefault(article.id(), Passes.NONE);
    return new Facts(
        own.grant(),
        bought.pass(article.id()).or(own::purchase),
        Optional.ofNullable(grant),
        tree.line(article.categoryId()));
  }

  private Map<Long, SubscriptionGrant> subscriptions(
      Caller caller, Long userId, Collection<Long> creators) {
    Map<Long, SubscriptionGrant> found = new HashMap<>();
    Instant now = clock.instant();
    for (long creator : creators) {
      grants
          .get(new Key(userId, creator))
          .filter(grant -> grant.accessUntil() == null || grant.accessUntil().isAfter(now))
          .ifPresent(grant -> found.put(creator, grant));
    }
    List<Long> asked = creators.stream().filter(creator -> !found.containsKey(creator)).toList();
    if (!asked.isEmpty()) {
      for (SubscriptionGrant grant :
          subscriptions
              .grants(caller, new SubscriptionsGrantsRequest(new GrantsQuery(userId, asked)))
              .await()
              .items()) {
        grants.put(new Key(userId, grant.creatorId()), grant);
        found.put(grant.creatorId(), grant);
      }
    }
    return found;
  }
}
