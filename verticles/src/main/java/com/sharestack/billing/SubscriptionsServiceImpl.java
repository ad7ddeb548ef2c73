package com.sharestack.billing;

import com.sharestack.billing.payments.PaymentRepository;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.payments.PaymentViews;
import com.sharestack.billing.payments.RefundRepository;
import com.sharestack.contract.AccessVerdict;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Pagination;
import com.sharestack.contract.SubscriberCount;
import com.sharestack.contract.SubscriberCounts;
import com.sharestack.contract.SubscriberIds;
import com.sharestack.contract.SubscribersQuery;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCancelResult;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionDetail;
import com.sharestack.contract.SubscriptionGrant;
import com.sharestack.contract.SubscriptionGrants;
import com.sharestack.contract.SubscriptionOpened;
import com.sharestack.contract.SubscriptionOpening;
import com.sharestack.contract.SubscriptionPage;
import com.sharestack.contract.SubscriptionPlanChangeResult;
import com.sharestack.contract.SubscriptionRenewal;
import com.sharestack.contract.SubscriptionResult;
import com.sharestack.contract.SubscriptionsAccessCheckRequest;
import com.sharestack.contract.SubscriptionsCancelRequest;
import com.sharestack.contract.SubscriptionsChangePlanRequest;
import com.sharestack.contract.SubscriptionsCountsRequest;
import com.sharestack.contract.SubscriptionsCreateRequest;
import com.sharestack.contract.SubscriptionsGetRequest;
import com.sharestack.contract.SubscriptionsGrantsRequest;
import com.sharestack.contract.SubscriptionsListRequest;
import com.sharestack.contract.SubscriptionsOpenedRequest;
import com.sharestack.contract.SubscriptionsRenewRequest;
import com.sharestack.contract.SubscriptionsResumeRequest;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.SubscriptionsSubscribersRequest;
import com.sharestack.contract.UserRef;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations {@code subscriptions.*}: who may read what, and since when. */
final class SubscriptionsServiceImpl implements SubscriptionsService {

  private final Db db;
  private final Clock clock;
  private final SubscriptionRepository subscriptions;
  private final CounterRepository counters;
  private final OpeningRepository openings;
  private final PaymentRepository payments;
  private final RefundRepository refunds;
  private final SubscriptionFlows flows;
  private final AccessChecks accessChecks;
  private final Creators creators;
  private final PaymentViews views;

  SubscriptionsServiceImpl(
      SubscriptionParts parts,
      SubscriptionFlows flows,
      AccessChecks accessChecks,
      Creators creators,
      PaymentViews views) {
    this.db = parts.db();
    this.clock = parts.clock();
    this.subscriptions = parts.subscriptions();
    this.counters = parts.tables().counters();
    this.openings = parts.tables().openings();
    this.payments = parts.payments().payments();
    this.refunds = parts.payments().refunds();
    this.flows = flows;
    this.accessChecks = accessChecks;
    this.creators = creators;
    this.views = views;
  }

  @Override
  public Future<SubscriptionCreated> create(Caller caller, SubscriptionsCreateRequest request) {
    SubscriptionCreation.Outcome outcome = flows.creation().create(caller, request.body());
    return Future.succeededFuture(
        new SubscriptionCreated(
            Views.subscription(outcome.row(), outcome.creator(), clock.instant()),
            outcome.payment() == null ? null : views.payment(outcome.payment()),
            outcome.before() ? true : null));
  }

  @Override
  public Future<SubscriptionDetail> get(Caller caller, SubscriptionsGetRequest request) {
    SubscriptionRow row =
        subscriptions
            .find(db, request.subscriptionId())
            .filter(found -> mayRead(caller, found))
            .orElseThrow(() -> Errors.of(ErrorCode.SUBSCRIPTION_NOT_FOUND));
    UserRef creator = creators.ref(caller, row.creatorId());
    Optional<PaymentRow> last = payments.last(db, row.publicId());
    return Future.succeededFuture(
        Callers.isUser(caller, row.creatorId())
            ? new SubscriptionDetail(
                Views.subscriptionForCreator(row, creator, clock.instant()),
                last.map(views::forCreator).orElse(null))
            : new SubscriptionDetail(
                Views.subscription(row, creator, clock.instant()),
                last.map(views::payment).orElse(null)));
  }

  private static boolean mayRead(Caller caller, SubscriptionRow row) {
    return Callers.isUser(caller, row.userId())
        || Callers.isUser(caller, row.creatorId())
        || Actors.isAdmin(caller);
  }

  @Override
  public Future<SubscriptionPage> list(Caller caller, SubscriptionsListRequest request) {
    long total = subscriptions.count(db, caller.userId(), request.status(), request.creatorId());
    long offset = (request.page() - 1L) * request.limit();
    List<SubscriptionRow> page =
        offset >= total
            ? List.of()
            : subscriptions.page(
                db,
                caller.userId(),
                request.status(),
                request.creatorId(),
                request.limit(),
                offset);
    Map<Long, UserRef> shown =
        creators.refs(caller, page.stream().map(SubscriptionRow::creatorId).distinct().toList());
    Instant now = clock.instant();
    return Future.succeededFuture(
        new SubscriptionPage(
            page.stream()
                .map(row -> Views.subscription(row, shown.get(row.creatorId()), now))
                .toList(),
            new Pagination(
                request.page(),
                request.limit(),
                total,
                (total + request.limit() - 1) / request.limit())));
  }

  @Override
  public Future<SubscriptionCancelResult> cancel(
      Caller caller, SubscriptionsCancelRequest request) {
    SubscriptionEnding.Cancelled done =
        flows.ending().cancel(caller, request.subscriptionId(), request.body());
    return Future.succeededFuture(
        new SubscriptionCancelResult(
            shown(caller, done.row()),
            done.message(),
            done.refundId() == null
                ? null
                : PaymentViews.refund(refunds.find(db, done.refundId()).orElseThrow())));
  }

  @Override
  public Future<SubscriptionResult> resume(Caller caller, SubscriptionsResumeRequest request) {
    boolean autoRenew = request.body() == null || request.body().autoRenew();
    return Future.succeededFuture(
        new SubscriptionResult(
            shown(caller, flows.ending().resume(caller, request.subscriptionId(), autoRenew))));
  }

  @Override
  public Future<SubscriptionRenewal> renew(Caller caller, SubscriptionsRenewRequest request) {
    SubscriptionRenewing.Outcome done =
        flows.renewing().renew(caller, request.subscriptionId(), request.body());
    return Future.succeededFuture(
        new SubscriptionRenewal(
            shown(caller, done.row()),
            done.payment() == null ? null : views.payment(done.payment()),
            done.before() ? true : null));
  }

  @Override
  public Future<SubscriptionPlanChangeResult> changePlan(
      Caller caller, SubscriptionsChangePlanRequest request) {
    SubscriptionPlanChanging.Outcome done =
        flows.planChanging().change(caller, request.subscriptionId(), request.body());
    return Future.succeededFuture(
        new SubscriptionPlanChangeResult(
            shown(caller, done.row()),
            done.payment() == null ? null : views.payment(done.payment())));
  }

  private Subscription shown(Caller caller, SubscriptionRow row) {
    return Views.subscription(row, creators.ref(caller, row.creatorId()), clock.instant());
  }

  @Override
  public Future<AccessVerdict> accessCheck(Caller caller, SubscriptionsAccessCheckRequest request) {
    return Future.succeededFuture(accessChecks.check(caller, request));
  }

  @Override
  public Future<SubscriptionGrants> grants(Caller caller, SubscriptionsGrantsRequest request) {
    Instant now = clock.instant();
    List<Long> ids = request.body().creatorIds().stream().distinct().toList();
    return Future.succeededFuture(
        new SubscriptionGrants(
            subscriptions.unexpired(db, request.body().userId(), ids).stream()
                .filter(row -> SubscriptionRules.grantsAccess(row, now))
                .map(row -> grant(row, now))
                .toList()));
  }

  private static SubscriptionGrant grant(SubscriptionRow row, Instant now) {
    return SubscriptionGrant.builder()
        .creatorId(row.creatorId())
        .subscriptionId(row.publicId())
        .planId(row.planId())
        .priced(row.planPriced())
        .accessUntil(SubscriptionRules.accessEnd(row))
        .contentScope(row.entitlements().contentScope())
        .visibilityLevels(row.entitlements().visibilityLevels())
        .categoryIds(row.entitlements().categoryIds())
        .articleIds(row.entitlements().articleIds())
        .countsOpeningsUntil(SubscriptionRules.countsOpeningsUntil(row, now))
        .build();
  }

  /** A refund counts under the same lock: what it decided on is what was opened. */
  @Override
  public Future<SubscriptionOpened> opened(Caller caller, SubscriptionsOpenedRequest request) {
    SubscriptionOpening opening = request.body();
    return Future.succeededFuture(
        new SubscriptionOpened(
            db.tx(
                tx -> {
                  Instant now = clock.instant();
                  Optional<SubscriptionRow> row =
                      subscriptions
                          .lockUnexpired(tx, opening.userId(), opening.creatorId())
                          .filter(found -> SubscriptionRules.grantsAccess(found, now));
                  row.ifPresent(found -> openings.record(tx, found.id(), opening.articleId(), now));
                  return row.isPresent();
                })));
  }

  /** A page may hold fewer ids than asked for, even none, and yet not be the last one. */
  @Override
  public Future<SubscriberIds> subscribers(Caller caller, SubscriptionsSubscribersRequest request) {
    SubscribersQuery query = request.body();
    Instant now = clock.instant();
    List<SubscriptionRow> page =
        subscriptions.unexpiredOfCreator(db, query.creatorId(), query.afterId(), query.limit());
    return Future.succeededFuture(
        new SubscriberIds(
            page.stream()
                .filter(row -> SubscriptionRules.grantsAccess(row, now))
                .map(SubscriptionRow::userId)
                .toList(),
            page.size() < query.limit() ? null : page.getLast().userId()));
  }

  @Override
  public Future<SubscriberCounts> counts(Caller caller, SubscriptionsCountsRequest request) {
    List<Long> ids = request.body().creatorIds().stream().distinct().toList();
    Map<Long, Long> counts = ids.isEmpty() ? Map.of() : counters.subscribers(db, ids);
    return Future.succeededFuture(
        new SubscriberCounts(
            ids.stream().map(id -> new SubscriberCount(id, counts.getOrDefault(id, 0L))).toList()));
  }
}
