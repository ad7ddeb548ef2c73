package com.sharestack.content;

import com.sharestack.content.AccessRepository.Passes;
import com.sharestack.content.AccessRules.Facts;
import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.Caller;
import com.sharestack.contract.GrantsQuery;
import com.sharestack.contract.SubscriptionGrant;
import com.sharestack.contract.SubscriptionsGrantsRequest;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.platform.cache.LocalCache;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers the facts for {@link AccessRules}: at most one statement and one call to billing for any
 * number of articles, none for those that need no entitlement.
 *
 * <p>Subscriptions that give access are remembered for five seconds, never beyond their own end;
 * their absence is never remembered, so a new subscriber reads at once on every node.
 */
final class Entitlements {

  private static final Duration KEPT = Duration.ofSeconds(5);
  private static final int GRANTS_KEPT = 20_000;

  private record Key(long userId, long creatorId) {}

  private final AccessRepository repository;
  private final SubscriptionsService subscriptions;
  private final Categories categories;
  private final Clock clock;
  private final LocalCache<Key, SubscriptionGrant> grants;

  Entitlements(
      AccessRepository repository,
      SubscriptionsService subscriptions,
      Categories categories,
      Clock clock) {
    this.repository = repository;
    this.subscriptions = subscriptions;
    this.categories = categories;
    this.clock = clock;
    this.grants = LocalCache.ofEntries(clock, KEPT, GRANTS_KEPT);
  }

  /**
   * @param subscribed whether a subscription to the author gives access to something; empty when
   *     nobody had to ask
   */
  record Verdict(AccessInfo access, Optional<Boolean> subscribed) {}

  /** The verdict about viewing each article. Fails as billing does when it must be asked. */
  Map<Long, Verdict> decide(Caller caller, Viewer viewer, List<ArticleRow> articles) {
    List<ArticleRow> open =
        articles.stream().filter(article -> undecided(viewer, article)).toList();
    Map<Long, Passes> passes =
        open.isEmpty()
            ? Map.of()
            : repository.of(viewer.userId(), open.stream().map(ArticleRow::id).toList());
    Map<Long, SubscriptionGrant> granted =
        subscriptions(
            caller, viewer.userId(), open.stream().map(ArticleRow::authorId).distinct().toList());
    CategoryTree tree = open.isEmpty() ? null : categories.tree();
    Instant now = clock.instant();
    Map<Long, Verdict> verdicts = new HashMap<>();
    for (ArticleRow article : articles) {
      boolean asked = undecided(viewer, article);
      SubscriptionGrant grant = granted.get(article.authorId());
      Facts facts = asked ? facts(article, passes, grant, tree) : Facts.NONE;
      verdicts.put(
          article.id(),
          new Verdict(
              AccessRules.decide(viewer, article, facts, now),
              asked ? Optional.of(grant != null) : Optional.empty()));
    }
    return verdicts;
  }

  Verdict decide(Caller caller, Viewer viewer, ArticleRow article) {
    return decide(caller, viewer, List.of(article)).get(article.id());
  }

  /** Whether a reader without subscription may keep reading an article that left the lists. */
  boolean keeps(Viewer viewer, ArticleRow article) {
    if (viewer.anonymous()) {
      return false;
    }
    Passes passes =
        repository
            .of(viewer.userId(), List.of(article.id()))
            .getOrDefault(article.id(), Passes.NONE);
    Instant now = clock.instant();
    return passes.grant().filter(pass -> pass.valid(now)).isPresent()
        || passes.purchase().filter(pass -> pass.valid(now)).isPresent();
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
      ArticleRow article, Map<Long, Passes> passes, SubscriptionGrant grant, CategoryTree tree) {
    Passes own = passes.getOrDefault(article.id(), Passes.NONE);
    return new Facts(
        own.grant(), own.purchase(), Optional.ofNullable(grant), tree.line(article.categoryId()));
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
