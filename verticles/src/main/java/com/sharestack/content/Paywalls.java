package com.sharestack.content;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.CreatorIdBatch;
import com.sharestack.contract.Paywall;
import com.sharestack.contract.PlanTeaser;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.PlansTeasersRequest;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.money.Money;
import java.util.List;

/** What unlocks a gated article. */
final class Paywalls {

  private final PlansService plans;

  Paywalls(PlansService plans) {
    this.plans = plans;
  }

  /** Fails as billing does: a paywall that names no way to pay would be wrong. */
  Paywall of(Caller caller, ArticleRow article, int hiddenWords) {
    boolean sold = article.priceFen() != null;
    boolean bySubscription =
        article.visibility() == Visibility.SUBSCRIBERS || article.includedInSubscription();
    String required =
        sold ? (bySubscription ? "subscription_or_purchase" : "purchase") : "subscription";
    boolean timed =
        article.contentType() == ContentType.AUDIO || article.contentType() == ContentType.VIDEO;
    return Paywall.builder()
        .required(required)
        .price(Money.ofFen(article.priceFen()))
        .currency("CNY")
        .plans(bySubscription ? teasers(caller, article) : List.of())
        .hiddenWords(hiddenWords)
        .trialSeconds(timed ? trialSeconds(article) : null)
        .build();
  }

  private static int trialSeconds(ArticleRow article) {
    int seconds = article.preview().trialSeconds();
    return article.durationSeconds() == null
        ? seconds
        : Math.min(seconds, article.durationSeconds() / 2);
  }

  /** Free plans open nothing that is paid. */
  private List<PlanTeaser> teasers(Caller caller, ArticleRow article) {
    boolean paid = article.visibility() == Visibility.PAID;
    return plans
        .teasers(caller, new PlansTeasersRequest(new CreatorIdBatch(List.of(article.authorId()))))
        .await()
        .items()
        .stream()
        .flatMap(creator -> creator.plans().stream())
        .filter(plan -> !paid || plan.price().signum() > 0)
        .toList();
  }
}
