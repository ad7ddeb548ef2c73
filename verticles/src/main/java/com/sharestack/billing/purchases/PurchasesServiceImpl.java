package com.sharestack.billing.purchases;

import com.sharestack.billing.coupons.CouponAttempts;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.payments.PaymentViews;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Purchase;
import com.sharestack.contract.PurchaseArticle;
import com.sharestack.contract.PurchaseCreated;
import com.sharestack.contract.PurchaseOpened;
import com.sharestack.contract.PurchaseOpening;
import com.sharestack.contract.PurchasePasses;
import com.sharestack.contract.PurchasesCreateRequest;
import com.sharestack.contract.PurchasesOpenedRequest;
import com.sharestack.contract.PurchasesPassesRequest;
import com.sharestack.contract.PurchasesService;
import com.sharestack.contract.UserRef;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.money.Money;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Operations {@code purchases.*}. */
public final class PurchasesServiceImpl implements PurchasesService {

  private final Db db;
  private final Clock clock;
  private final PurchaseRepository purchases;
  private final PurchaseCreation creation;
  private final PaymentViews views;
  private final BiFunction<Caller, Long, UserRef> creators;

  /**
   * @param creators how a creator is shown
   * @param returnUrls refuses an address that no payer may be sent to
   */
  public PurchasesServiceImpl(
      PurchaseCore core,
      PurchaseOffers offers,
      CouponAttempts attempts,
      PaymentViews views,
      BiFunction<Caller, Long, UserRef> creators,
      Consumer<String> returnUrls) {
    this.db = core.payments().parts().db();
    this.clock = core.payments().parts().clock();
    this.purchases = core.purchases();
    this.creation = new PurchaseCreation(core, offers, attempts, returnUrls);
    this.views = views;
    this.creators = creators;
  }

  @Override
  public Future<PurchaseCreated> create(Caller caller, PurchasesCreateRequest request) {
    PurchaseCreation.Outcome made = creation.create(caller, request.body());
    return Future.succeededFuture(
        new PurchaseCreated(
            view(made.purchase(), made.payment(), caller),
            made.payment() == null ? null : views.payment(made.payment()),
            made.before() ? true : null));
  }

  private Purchase view(PurchaseRow row, PaymentRow payment, Caller caller) {
    PurchaseRow.Article article = row.article();
    return Purchase.builder()
        .id(row.publicId())
        .article(
            new PurchaseArticle(
                article.id(),
                article.title(),
                article.type(),
                article.coverImage(),
                creators.apply(caller, article.creatorId())))
        .amount(Money.ofFen(row.price().paidFen()))
        .status(row.shownStatus(clock.instant()))
        .paymentId(payment == null ? null : payment.publicId())
        .accessExpiresAt(row.accessExpiresAt())
        .purchasedAt(row.purchasedAt())
        .createdAt(row.createdAt())
        .build();
  }

  @Override
  public Future<PurchasePasses> passes(Caller caller, PurchasesPassesRequest request) {
    return Future.succeededFuture(
        new PurchasePasses(
            purchases.passes(db, request.body().userId(), request.body().articleIds())));
  }

  @Override
  public Future<PurchaseOpened> opened(Caller caller, PurchasesOpenedRequest request) {
    PurchaseOpening opening = request.body();
    return Future.succeededFuture(
        new PurchaseOpened(
            purchases.markOpened(db, opening.userId(), opening.articleId(), clock.instant())));
  }
}
