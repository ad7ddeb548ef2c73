package com.sharestack.users;

import com.sharestack.contract.ArticlesAuthorStatsRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.AuthorStats;
import com.sharestack.contract.AuthorStatsQuery;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.CreatorIdBatch;
import com.sharestack.contract.CreatorPrice;
import com.sharestack.contract.GrantsQuery;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanPage;
import com.sharestack.contract.PlanStatus;
import com.sharestack.contract.PlansListRequest;
import com.sharestack.contract.PlansPriceInfoRequest;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.SubscriptionsCountsRequest;
import com.sharestack.contract.SubscriptionsGrantsRequest;
import com.sharestack.contract.SubscriptionsService;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.List;

/**
 * What other domains know about a user. While one is away these fail, the operation with them, as
 * SERVICE_UNAVAILABLE or GATEWAY_TIMEOUT: a profile with wrong numbers or prices is worse than
 * none.
 */
final class Neighbours {

  private static final int DRAFTS = 100;

  private final ArticlesService articles;
  private final PlansService plans;
  private final SubscriptionsService subscriptions;

  Neighbours(ArticlesService articles, PlansService plans, SubscriptionsService subscriptions) {
    this.articles = articles;
    this.plans = plans;
    this.subscriptions = subscriptions;
  }

  Future<AuthorStats> stats(Caller caller, long userId) {
    return articles
        .authorStats(caller, new ArticlesAuthorStatsRequest(new AuthorStatsQuery(List.of(userId))))
        .map(answer -> only(answer.items()));
  }

  Future<CreatorPrice> prices(Caller caller, long creatorId) {
    return plans
        .priceInfo(caller, new PlansPriceInfoRequest(new CreatorIdBatch(List.of(creatorId))))
        .map(answer -> only(answer.items()));
  }

  Future<Long> subscribers(Caller caller, long creatorId) {
    return subscriptions
        .counts(caller, new SubscriptionsCountsRequest(new CreatorIdBatch(List.of(creatorId))))
        .map(answer -> only(answer.items()).subscriberCount());
  }

  /** Whether the viewer has access by a subscription, as billing's access function says. */
  Future<Boolean> subscribed(Caller caller, long viewerId, long creatorId) {
    return subscriptions
        .grants(
            caller, new SubscriptionsGrantsRequest(new GrantsQuery(viewerId, List.of(creatorId))))
        .map(answer -> !answer.items().isEmpty());
  }

  /** The calling creator's own draft prices, for a profile without an active plan. */
  Future<CreatorPrice> draftPrices(Caller caller, long creatorId) {
    return plans
        .list(caller, new PlansListRequest(creatorId, PlanStatus.DRAFT, 1, DRAFTS))
        .map(
            page ->
                new CreatorPrice(
                    creatorId,
                    cheapest(page, BillingCycle.MONTHLY),
                    cheapest(page, BillingCycle.YEARLY),
                    false));
  }

  private static BigDecimal cheapest(PlanPage page, BillingCycle cycle) {
    return page.plans().stream()
        .filter(plan -> plan.billingCycle() == cycle && plan.price().signum() > 0)
        .map(Plan::price)
        .min(BigDecimal::compareTo)
        .orElse(null);
  }

  /** These look-ups answer one item for each id asked for. */
  private static <T> T only(List<T> items) {
    if (items.size() != 1) {
      throw new IllegalStateException("asked for one item, got " + items.size());
    }
    return items.getFirst();
  }
}
