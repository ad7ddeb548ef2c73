package com.sharestack.billing;

import com.sharestack.contract.Caller;
import com.sharestack.contract.CreatorPrice;
import com.sharestack.contract.CreatorPrices;
import com.sharestack.contract.CreatorTeaser;
import com.sharestack.contract.CreatorTeasers;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.MessageResult;
import com.sharestack.contract.Pagination;
import com.sharestack.contract.PlanCreated;
import com.sharestack.contract.PlanDetail;
import com.sharestack.contract.PlanPage;
import com.sharestack.contract.PlanStatus;
import com.sharestack.contract.PlanTeaser;
import com.sharestack.contract.PlanUpdated;
import com.sharestack.contract.PlansCreateRequest;
import com.sharestack.contract.PlansDeleteRequest;
import com.sharestack.contract.PlansGetRequest;
import com.sharestack.contract.PlansListRequest;
import com.sharestack.contract.PlansPriceInfoRequest;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.PlansTeasersRequest;
import com.sharestack.contract.PlansUpdateRequest;
import com.sharestack.contract.Subscription;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations {@code plans.*}: what a creator offers. */
final class PlansServiceImpl implements PlansService {

  private static final int MOST_TEASERS = 3;

  private final Db db;
  private final Clock clock;
  private final PlanRepository plans;
  private final SubscriptionRepository subscriptions;
  private final PlanCreation creation;
  private final PlanEditing editing;
  private final Creators creators;

  PlansServiceImpl(
      Db db,
      Clock clock,
      Tables tables,
      PlanCreation creation,
      PlanEditing editing,
      Creators creators) {
    this.db = db;
    this.clock = clock;
    this.plans = tables.plans();
    this.subscriptions = tables.subscriptions();
    this.creation = creation;
    this.editing = editing;
    this.creators = creators;
  }

  @Override
  public Future<PlanCreated> create(Caller caller, PlansCreateRequest request) {
    PlanRow plan = creation.create(caller, request.body());
    return Future.succeededFuture(new PlanCreated(Views.plan(plan)));
  }

  @Override
  public Future<PlanUpdated> update(Caller caller, PlansUpdateRequest request) {
    PlanRow plan = editing.update(caller, request.planId(), request.body());
    return Future.succeededFuture(new PlanUpdated(Views.plan(plan)));
  }

  @Override
  public Future<MessageResult> delete(Caller caller, PlansDeleteRequest request) {
    editing.delete(caller, request.planId());
    return Future.succeededFuture(new MessageResult("订阅方案已删除"));
  }

  @Override
  public Future<PlanPage> list(Caller caller, PlansListRequest request) {
    long creatorId = listedCreator(caller, request.creatorId());
    PlanStatus status = visibleStatus(caller, creatorId, request.status());
    long total = plans.count(db, creatorId, status);
    long offset = (request.page() - 1L) * request.limit();
    List<PlanRow> page =
        offset >= total ? List.of() : plans.page(db, creatorId, status, request.limit(), offset);
    return Future.succeededFuture(
        new PlanPage(
            page.stream().map(Views::plan).toList(),
            new Pagination(
                request.page(),
                request.limit(),
                total,
                (total + request.limit() - 1) / request.limit())));
  }

  private static long listedCreator(Caller caller, Long asked) {
    if (asked != null) {
      return asked;
    }
    if (!Actors.isCreator(caller)) {
      throw Errors.invalid("creator_id", "请指定创作者");
    }
    return caller.userId();
  }

  /** Null = every status, which only the owner and admins see. */
  private static PlanStatus visibleStatus(Caller caller, long creatorId, PlanStatus asked) {
    if (Callers.isUser(caller, creatorId) || Actors.isAdmin(caller)) {
      return asked;
    }
    if (asked != null && asked != PlanStatus.ACTIVE) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "NOT_OWNER");
    }
    return PlanStatus.ACTIVE;
  }

  @Override
  public Future<PlanDetail> get(Caller caller, PlansGetRequest request) {
    PlanRow plan =
        plans
            .find(db, request.planId())
            .filter(row -> !row.deleted())
            .orElseThrow(PlansServiceImpl::notFound);
    Optional<SubscriptionRow> mine = liveSubscription(caller, plan);
    boolean visible =
        plan.active()
            || Callers.isUser(caller, plan.creatorId())
            || Actors.isAdmin(caller)
            || mine.isPresent();
    if (!visible) {
      throw notFound();
    }
    Subscription shown =
        mine.map(
                row ->
                    Views.subscription(row, creators.ref(caller, row.creatorId()), clock.instant()))
            .orElse(null);
    return Future.succeededFuture(new PlanDetail(Views.plan(plan), shown));
  }

  private Optional<SubscriptionRow> liveSubscription(Caller caller, PlanRow plan) {
    if (Callers.anonymous(caller)) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return subscriptions
        .unexpired(db, caller.userId(), plan.creatorId())
        .filter(row -> row.planId() == plan.id() && SubscriptionRules.isLive(row, now));
  }

  private static RuntimeException notFound() {
    return Errors.of(ErrorCode.PLAN_NOT_FOUND);
  }

  @Override
  public Future<CreatorTeasers> teasers(Caller caller, PlansTeasersRequest request) {
    List<Long> ids = request.body().creatorIds().stream().distinct().toList();
    if (ids.isEmpty()) {
      return Future.succeededFuture(new CreatorTeasers(List.of()));
    }
    Map<Long, List<PlanTeaser>> found = plans.teasers(db, ids, MOST_TEASERS);
    return Future.succeededFuture(
        new CreatorTeasers(
            found.entrySet().stream()
                .map(entry -> new CreatorTeaser(entry.getKey(), entry.getValue()))
                .toList()));
  }

  @Override
  public Future<CreatorPrices> priceInfo(Caller caller, PlansPriceInfoRequest request) {
    List<Long> ids = request.body().creatorIds().stream().distinct().toList();
    Map<Long, CreatorPrice> found = ids.isEmpty() ? Map.of() : plans.prices(db, ids);
    return Future.succeededFuture(
        new CreatorPrices(
            ids.stream()
                .map(id -> found.getOrDefault(id, new CreatorPrice(id, null, null, false)))
                .toList()));
  }
}
