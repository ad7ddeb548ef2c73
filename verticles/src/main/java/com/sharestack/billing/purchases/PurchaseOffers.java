package com.sharestack.billing.purchases;

import com.sharestack.contract.AccessDecideQuery;
import com.sharestack.contract.AccessDecideRequest;
import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.AccessService;
import com.sharestack.contract.ArticlesSaleTermsRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.Caller;
import com.sharestack.contract.SaleTerms;
import com.sharestack.contract.SaleTermsList;
import com.sharestack.contract.SaleTermsQuery;
import io.vertx.core.Future;
import java.util.List;

/**
 * What the content domain says of an article somebody wants to buy. Never asked in a transaction.
 */
public final class PurchaseOffers {

  private final ArticlesService articles;
  private final AccessService access;

  public PurchaseOffers(ArticlesService articles, AccessService access) {
    this.articles = articles;
    this.access = access;
  }

  /**
   * @throws io.vertx.serviceproxy.ServiceException see {@link PurchaseRules#requireBuyable}
   */
  SaleTerms require(Caller caller, long articleId, boolean force) {
    Future<SaleTermsList> terms =
        articles.saleTerms(
            caller, new ArticlesSaleTermsRequest(new SaleTermsQuery(List.of(articleId))));
    AccessDecision decision =
        access
            .decide(
                caller, new AccessDecideRequest(new AccessDecideQuery(caller.userId(), articleId)))
            .await();
    return PurchaseRules.requireBuyable(
        caller.userId(), terms.await().items().stream().findFirst(), decision, force);
  }
}
