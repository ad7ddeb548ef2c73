package com.sharestack.billing;

import com.sharestack.billing.coupons.CouponAttempts;
import com.sharestack.billing.coupons.CouponItem;
import com.sharestack.billing.coupons.CouponReason;
import com.sharestack.billing.coupons.CouponRow;
import com.sharestack.billing.coupons.Coupons;
import com.sharestack.contract.AccessDecideQuery;
import com.sharestack.contract.AccessDecideRequest;
import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.AccessService;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.CouponCard;
import com.sharestack.contract.CouponCreated;
import com.sharestack.contract.CouponValidate;
import com.sharestack.contract.CouponValidation;
import com.sharestack.contract.CouponVerdictReason;
import com.sharestack.contract.CouponsCreateRequest;
import com.sharestack.contract.CouponsService;
import com.sharestack.contract.CouponsValidateRequest;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import io.vertx.core.Future;
import java.time.Clock;

/** Operations {@code coupons.*}. A coupon is used by orders only ({@link Coupons}). */
final class CouponsServiceImpl implements CouponsService {

  private final Db db;
  private final Clock clock;
  private final PlanRepository plans;
  private final AccessService access;
  private final CouponCreation creation;
  private final Coupons coupons;
  private final CouponAttempts attempts;

  CouponsServiceImpl(
      Db db,
      Clock clock,
      Tables tables,
      AccessService access,
      CouponCreation creation,
      Coupons coupons,
      CouponAttempts attempts) {
    this.db = db;
    this.clock = clock;
    this.plans = tables.plans();
    this.access = access;
    this.creation = creation;
    this.coupons = coupons;
    this.attempts = attempts;
  }

  @Override
  public Future<CouponCreated> create(Caller caller, CouponsCreateRequest request) {
    CouponRow row = creation.create(caller, request.body());
    return Future.succeededFuture(new CouponCreated(CouponViews.coupon(row, clock.instant())));
  }

  /**
   * What would be ordered.
   *
   * @param priceFen list price
   */
  private record Idea(CouponItem item, long priceFen) {}

  @Override
  public Future<CouponValidation> validate(Caller caller, CouponsValidateRequest request) {
    CouponValidate asked = request.body();
    if ((asked.planId() == null) == (asked.articleId() == null)) {
      throw Errors.invalid("plan_id", "请指定订阅方案或文章，且只能指定其一");
    }
    attempts.requireOpen(caller.userId(), caller.ip());
    Idea idea = asked.planId() != null ? plan(asked.planId()) : article(caller, asked.articleId());
    Coupons.Check check =
        coupons.check(db, asked.code(), caller.userId(), idea.item(), idea.priceFen());
    if (check.reason().filter(CouponReason.NOT_FOUND::equals).isPresent()) {
      attempts.wrong(caller.userId());
    }
    return Future.succeededFuture(
        new CouponValidation(
            check.reason().isEmpty(),
            check.reason().map(reason -> CouponVerdictReason.of(reason.literal())).orElse(null),
            check.coupon() == null ? null : card(check.coupon()),
            Money.ofFen(check.discountFen()),
            Money.ofFen(idea.priceFen() - check.discountFen())));
  }

  private Idea plan(long planId) {
    PlanRow plan =
        plans
            .find(db, planId)
            .filter(row -> !row.deleted() && row.active())
            .orElseThrow(() -> Errors.invalid("plan_id", "订阅方案不存在或未上架"));
    return new Idea(CouponItem.plan(plan.id(), plan.creatorId()), plan.priceFen());
  }

  /** Asked of content's engine: what the payer may not know about does not exist. */
  private Idea article(Caller caller, long articleId) {
    AccessDecision found =
        access
            .decide(
                caller, new AccessDecideRequest(new AccessDecideQuery(caller.userId(), articleId)))
            .await();
    boolean forSale =
        found.found()
            && found.articleStatus() == ArticleStatus.PUBLISHED
            && found.visibility() == Visibility.PAID
            && found.price() != null;
    if (!forSale) {
      throw Errors.invalid("article_id", "文章不存在或不单独出售");
    }
    return new Idea(CouponItem.article(articleId, found.creatorId()), Money.toFen(found.price()));
  }

  private static CouponCard card(CouponRow row) {
    return new CouponCard(row.name(), row.discountType(), CouponViews.value(row), row.expiresAt());
  }
}
