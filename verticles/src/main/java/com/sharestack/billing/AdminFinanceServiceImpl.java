package com.sharestack.billing;

import com.sharestack.billing.ledger.TrialBalance;
import com.sharestack.billing.ledger.TrialBalanceRepository;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.contract.AdminFinanceService;
import com.sharestack.contract.AdminFinanceTrialBalanceRequest;
import com.sharestack.contract.Caller;
import com.sharestack.contract.LedgerAccountType;
import com.sharestack.contract.LedgerDifference;
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

  AdminFinanceServiceImpl(Db db, Clock clock) {
    this.db = db;
    this.clock = clock;
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
