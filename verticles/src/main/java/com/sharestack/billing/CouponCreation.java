package com.sharestack.billing;

import com.sharestack.billing.coupons.CouponRow;
import com.sharestack.billing.coupons.CouponTerms;
import com.sharestack.billing.coupons.CouponTermsRepository;
import com.sharestack.billing.coupons.NewCoupon;
import com.sharestack.contract.ArticleRef;
import com.sharestack.contract.ArticleRefsQuery;
import com.sharestack.contract.ArticlesRefsRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.Caller;
import com.sharestack.contract.CouponCreate;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Operation {@code coupons.create}. */
final class CouponCreation {

  private final Db db;
  private final Clock clock;
  private final PlanRepository plans;
  private final AuditRepository audit;
  private final ArticlesService articles;
  private final SettingsRepository settings = new SettingsRepository();
  private final CouponTermsRepository coupons = new CouponTermsRepository();

  CouponCreation(Db db, Clock clock, Tables tables, ArticlesService articles) {
    this.db = db;
    this.clock = clock;
    this.plans = tables.plans();
    this.audit = tables.audit();
    this.articles = articles;
  }

  /** The stored coupon; a repeat with the same idempotency key answers the row as it is now. */
  CouponRow create(Caller caller, CouponCreate wanted) {
    if (!Actors.isCreator(caller)) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "NOT_A_CREATOR");
    }
    IdempotencyKey idempotency = IdempotencyKey.of(caller);
    Optional<Long> before = repeated(db, caller.userId(), idempotency);
    long id = before.orElseGet(() -> make(caller, wanted, idempotency));
    return coupons.find(db, id).orElseThrow();
  }

  private long make(Caller caller, CouponCreate wanted, IdempotencyKey idempotency) {
    NewCoupon coupon = CouponTerms.accept(caller.userId(), wanted, clock.instant());
    requireOwnPlans(caller.userId(), coupon.planIds());
    requireOwnArticles(caller, coupon.articleIds());
    try {
      return db.tx(tx -> store(tx, caller, coupon, idempotency));
    } catch (DuplicateKeyException taken) {
      // the same request at the same time has won: its row is the answer
      return repeated(db, caller.userId(), idempotency).orElseThrow(CouponCreation::codeTaken);
    }
  }

  private void requireOwnPlans(long creatorId, List<Long> wanted) {
    if (wanted.isEmpty()) {
      return;
    }
    Set<Long> own =
        plans.page(db, creatorId, null, PlanRules.MOST_PLANS, 0).stream()
            .map(PlanRow::id)
            .collect(Collectors.toSet());
    wanted.stream()
        .filter(id -> !own.contains(id))
        .findFirst()
        .ifPresent(
            id -> {
              throw Errors.of(ErrorCode.PLAN_NOT_FOUND, "plan_id", id);
            });
  }

  private void requireOwnArticles(Caller caller, List<Long> wanted) {
    if (wanted == null || wanted.isEmpty()) {
      return;
    }
    Set<Long> own =
        articles
            .refs(caller, new ArticlesRefsRequest(new ArticleRefsQuery(wanted)))
            .await()
            .items()
            .stream()
            .filter(article -> article.authorId() == caller.userId())
            .map(ArticleRef::articleId)
            .collect(Collectors.toSet());
    wanted.stream()
        .filter(id -> !own.contains(id))
        .findFirst()
        .ifPresent(
            id -> {
              throw Errors.of(ErrorCode.NOT_FOUND, "resource", "article", "article_id", id);
            });
  }

  private long store(Tx tx, Caller caller, NewCoupon coupon, IdempotencyKey idempotency) {
    if (!settings.find(tx, caller.userId()).coupons()) {
      throw Errors.of(ErrorCode.CONFLICT, "reason", "coupons_disabled", "message", "请先在订阅设置中开启优惠券");
    }
    Instant now = clock.instant();
    long id =
        coupons.insert(tx, coupon, caller.userId(), idempotency.key(), idempotency.hash(), now);
    audit.write(
        tx,
        caller,
        new AuditRepository.Entry(
            "coupons.create",
            "coupon",
            String.valueOf(id),
            null,
            coupon.draft() ? "draft" : "active",
            new JsonObject()
                .put("name", coupon.name())
                .put("discount_type", coupon.discountType().literal())
                .put("discount_value", coupon.discountValue())
                .put("total_quantity", coupon.totalQuantity())),
        now);
    return id;
  }

  private static RuntimeException codeTaken() {
    return Errors.of(
        ErrorCode.CONFLICT, "reason", "CODE_TAKEN", "field", "code", "message", "该优惠码已被使用，请换一个");
  }

  private Optional<Long> repeated(Sql sql, long creatorId, IdempotencyKey idempotency) {
    if (!idempotency.present()) {
      return Optional.empty();
    }
    return coupons
        .byIdempotencyKey(sql, creatorId, idempotency.key())
        .map(
            stored -> {
              idempotency.requireSame(stored.hash());
              return stored.couponId();
            });
  }
}
