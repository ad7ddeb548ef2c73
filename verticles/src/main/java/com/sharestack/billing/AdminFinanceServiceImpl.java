package com.sharestack.billing;

import com.sharestack.billing.ledger.TrialBalance;
import com.sharestack.billing.ledger.TrialBalanceRepository;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.contract.AdminFinancePaymentsListRequest;
import com.sharestack.contract.AdminFinanceReconciliationsGetRequest;
import com.sharestack.contract.AdminFinanceReconciliationsResolveRequest;
import com.sharestack.contract.AdminFinanceReconciliationsRunRequest;
import com.sharestack.contract.AdminFinanceRefundsListRequest;
import com.sharestack.contract.AdminFinanceRefundsReviewRequest;
import com.sharestack.contract.AdminFinanceService;
import com.sharestack.contract.AdminFinanceTrialBalanceRequest;
import com.sharestack.contract.AdminPaymentPage;
import com.sharestack.contract.AdminRefund;
import com.sharestack.contract.AdminRefundPage;
import com.sharestack.contract.Caller;
import com.sharestack.contract.LedgerAccountType;
import com.sharestack.contract.LedgerDifference;
import com.sharestack.contract.Reconciliation;
import com.sharestack.contract.ReconciliationDetail;
import com.sharestack.contract.ReconciliationDifference;
import com.sharestack.contract.TrialBalanceAccount;
import com.sharestack.contract.TrialBalanceReport;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Operations {@code admin.finance.*}: the books as staff sees them. Hosted where the rows are. */
final class AdminFinanceServiceImpl implements AdminFinanceService {

  private static final Logger LOG = LoggerFactory.getLogger(AdminFinanceServiceImpl.class);
  private static final String CURRENCY = "CNY";

  private final Db db;
  private final Clock clock;
  private final TrialBalanceRepository balances = new TrialBalanceRepository();
  private final AdminPayments payments;
  private final AdminReconciliations reconciliations;

  AdminFinanceServiceImpl(
      Db db, Clock clock, AdminPayments payments, AdminReconciliations reconciliations) {
    this.db = db;
    this.clock = clock;
    this.payments = payments;
    this.reconciliations = reconciliations;
  }

  @Override
  public Future<AdminPaymentPage> paymentsList(
      Caller caller, AdminFinancePaymentsListRequest request) {
    return Future.succeededFuture(payments.payments(caller, request));
  }

  @Override
  public Future<AdminRefundPage> refundsList(
      Caller caller, AdminFinanceRefundsListRequest request) {
    return Future.succeededFuture(payments.refunds(caller, request));
  }

  @Override
  public Future<AdminRefund> refundsReview(
      Caller caller, AdminFinanceRefundsReviewRequest request) {
    return Future.succeededFuture(payments.review(caller, request));
  }

  @Override
  public Future<Reconciliation> reconciliationsRun(
      Caller caller, AdminFinanceReconciliationsRunRequest request) {
    return Future.succeededFuture(reconciliations.run(caller, request.body()));
  }

  @Override
  public Future<ReconciliationDetail> reconciliationsGet(
      Caller caller, AdminFinanceReconciliationsGetRequest request) {
    return Future.succeededFuture(reconciliations.get(request));
  }

  @Override
  public Future<ReconciliationDifference> reconciliationsResolve(
      Caller caller, AdminFinanceReconciliationsResolveRequest request) {
    return Future.succeededFuture(reconciliations.resolve(caller, request));
  }

  @Override
  public Future<TrialBalanceReport> trialBalance(
      Caller caller, AdminFinanceTrialBalanceRequest request) {
    if (!CURRENCY.equals(request.currency())) {
      throw Errors.invalid("currency", "账簿只有人民币（CNY）");
    }
    LocalDate today = LocalDate.ofInstant(clock.instant(), Periods.ZONE);
    LocalDate asOf = request.asOf() == null ? today.minusDays(1) : request.asOf();
    if (asOf.isAfter(today)) {
      throw Errors.invalid("as_of", "日期不能晚于今天");
    }
    TrialBalance day = balances.day(db, asOf);
    List<TrialBalance.Difference> differences = balances.differences(db);
    if (!differences.isEmpty() || !day.balanced()) {
      LOG.error("the ledger of {} does not add up: {}", asOf, differences);
    }
    return Future.succeededFuture(
        new TrialBalanceReport(
            asOf,
            day.accounts().stream().map(AdminFinanceServiceImpl::account).toList(),
            Money.ofFen(day.debitTotalFen()),
            Money.ofFen(day.creditTotalFen()),
            day.balanced(),
            differences.stream().map(AdminFinanceServiceImpl::difference).toList()));
  }

  private static TrialBalanceAccount account(TrialBalance.Total total) {
    return new TrialBalanceAccount(
        total.code().literal(),
        LedgerAccountType.of(total.code().type().name().toLowerCase(Locale.ROOT)),
        Money.ofFen(total.openingFen()),
        Money.ofFen(total.debitFen()),
        Money.ofFen(total.creditFen()),
        Money.ofFen(total.closingFen()));
  }

  private static LedgerDifference difference(TrialBalance.Difference found) {
    return new LedgerDifference(
        found.account().literal(),
        found.ownerId(),
        Money.ofFen(found.storedFen()),
        Money.ofFen(found.computedFen()));
  }
}
