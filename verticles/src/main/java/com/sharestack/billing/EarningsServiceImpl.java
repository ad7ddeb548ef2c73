package com.sharestack.billing;

import com.sharestack.billing.earnings.EarningPeriods;
import com.sharestack.billing.earnings.EarningPeriods.Span;
import com.sharestack.billing.earnings.EarningRepository;
import com.sharestack.billing.earnings.LineFilter;
import com.sharestack.billing.earnings.LineRow;
import com.sharestack.billing.earnings.Totals;
import com.sharestack.billing.ledger.CreatorAccountRepository;
import com.sharestack.billing.ledger.CreatorBalances;
import com.sharestack.contract.Balance;
import com.sharestack.contract.BalanceDetail;
import com.sharestack.contract.Caller;
import com.sharestack.contract.DateSpan;
import com.sharestack.contract.Earnings;
import com.sharestack.contract.EarningsBalanceRequest;
import com.sharestack.contract.EarningsBreakdown;
import com.sharestack.contract.EarningsGetRequest;
import com.sharestack.contract.EarningsPeriod;
import com.sharestack.contract.EarningsService;
import com.sharestack.contract.EarningsSummary;
import com.sharestack.contract.EarningsTransactionsRequest;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Pagination;
import com.sharestack.contract.TransactionPage;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Operations {@code earnings.*}: the caller's own figures and nobody else's. */
final class EarningsServiceImpl implements EarningsService {

  private static final String CURRENCY = "CNY";

  /** Rows that pages reach; the total is counted no further. */
  private static final int MOST_ROWS = 10_000;

  private static final Duration FAILED_LISTED = Duration.ofDays(30);

  private final Db db;
  private final Clock clock;
  private final CounterRepository counters;
  private final Creators users;
  private final EarningRepository earnings = new EarningRepository();
  private final CreatorAccountRepository accounts = new CreatorAccountRepository();
  private final SubscriberHistoryRepository subscribers = new SubscriberHistoryRepository();

  EarningsServiceImpl(Db db, Clock clock, Tables tables, Creators users) {
    this.db = db;
    this.clock = clock;
    this.counters = tables.counters();
    this.users = users;
  }

  @Override
  public Future<Earnings> get(Caller caller, EarningsGetRequest request) {
    long creatorId = creator(caller);
    Instant now = clock.instant();
    Span span = span(request, now);
    boolean ours = CURRENCY.equals(request.currency());
    Totals totals = ours ? earnings.totals(db, creatorId, span) : Totals.NONE;
    long taxFen = ours ? accounts.withheldFen(db, creatorId, span.from(), span.until()) : 0;
    return Future.succeededFuture(
        new Earnings(
            new EarningsSummary(
                Money.ofFen(totals.revenueFen()),
                Money.ofFen(totals.revenueFen() - totals.platformFen() - taxFen),
                Money.ofFen(totals.platformFen()),
                Money.ofFen(taxFen),
                ours ? subscribersAtEnd(creatorId, span, now) : 0,
                ours ? subscribers.begun(db, creatorId, span.from(), span.until()) : 0,
                ours ? subscribers.cancelled(db, creatorId, span.from(), span.until()) : 0),
            new EarningsBreakdown(
                Money.ofFen(totals.subscriptionFen()),
                Money.ofFen(totals.oneTimeFen()),
                Money.ofFen(totals.tipFen())),
            request.currency(),
            new DateSpan(span.first(), span.last())));
  }

  private static Span span(EarningsGetRequest request, Instant now) {
    if (request.startDate() == null && request.endDate() == null) {
      return EarningPeriods.around(
          now, Objects.requireNonNullElse(request.period(), EarningsPeriod.MONTH));
    }
    if (request.startDate() == null || request.endDate() == null) {
      throw Errors.invalid(
          request.startDate() == null ? "start_date" : "end_date", "开始日期与结束日期须同时提供");
    }
    Span span = ordered(request.startDate(), request.endDate());
    if (span.days() > EarningPeriods.MOST_DAYS) {
      throw Errors.invalid("end_date", "日期范围最长 " + EarningPeriods.MOST_DAYS + " 天");
    }
    return span;
  }

  private static Span ordered(LocalDate first, LocalDate last) {
    if (last.isBefore(first)) {
      throw Errors.invalid("end_date", "结束日期不能早于开始日期");
    }
    return new Span(first, last);
  }

  /** A period that is not over ends now, and the counters know how many there are. */
  private long subscribersAtEnd(long creatorId, Span span, Instant now) {
    return span.until().isAfter(now)
        ? counters.subscribers(db, List.of(creatorId)).getOrDefault(creatorId, 0L)
        : subscribers.withAccess(db, creatorId, span.until());
  }

  @Override
  public Future<BalanceDetail> balance(Caller caller, EarningsBalanceRequest request) {
    long creatorId = creator(caller);
    Instant now = clock.instant();
    CreatorBalances balances = accounts.balances(db, creatorId);
    return Future.succeededFuture(
        new BalanceDetail(
            Balance.builder()
                .currency(CURRENCY)
                .pending(Money.ofFen(balances.pendingFen()))
                .available(Money.ofFen(balances.availableFen()))
                .frozen(Money.ofFen(balances.frozenFen()))
                .debt(Money.ofFen(balances.debtFen()))
                .totalEarned(Money.ofFen(earnings.earnedFen(db, creatorId)))
                .totalWithdrawn(Money.ofFen(accounts.withdrawnFen(db, creatorId)))
                .nextSettlementDate(
                    EarningPeriods.nextSettlement(now, EarningPeriods.DEFAULT_HOLD_DAYS))
                .asOf(now)
                .build()));
  }

  @Override
  public Future<TransactionPage> transactions(Caller caller, EarningsTransactionsRequest request) {
    LineFilter filter = filter(creator(caller), request);
    long offset = (request.page() - 1L) * request.limit();
    if (offset + request.limit() > MOST_ROWS) {
      throw Errors.invalid("page", "最多查看前 " + MOST_ROWS + " 条，请缩小日期范围");
    }
    long total = earnings.count(db, filter, MOST_ROWS);
    List<LineRow> page =
        offset >= total ? List.of() : earnings.page(db, filter, request.limit(), offset);
    Map<Long, String> names =
        users.names(caller, page.stream().map(LineRow::payerId).filter(Objects::nonNull).toList());
    return Future.succeededFuture(
        new TransactionPage(
            page.stream().map(row -> EarningViews.transaction(row, names)).toList(),
            new Pagination(
                request.page(),
                request.limit(),
                total,
                (total + request.limit() - 1) / request.limit())));
  }

  private LineFilter filter(long creatorId, EarningsTransactionsRequest request) {
    if (request.startDate() != null && request.endDate() != null) {
      ordered(request.startDate(), request.endDate());
    }
    return new LineFilter(
        creatorId,
        request.type(),
        request.status(),
        request.startDate() == null ? null : EarningPeriods.start(request.startDate()),
        request.endDate() == null ? null : EarningPeriods.start(request.endDate().plusDays(1)),
        request.settlementId(),
        clock.instant().minus(FAILED_LISTED));
  }

  private static long creator(Caller caller) {
    if (!Actors.isCreator(caller)) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "NOT_A_CREATOR");
    }
    return caller.userId();
  }
}
