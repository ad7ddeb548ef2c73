package com.sharestack.billing;

import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.reconciliation.Found;
import com.sharestack.billing.reconciliation.ReconciliationRepository;
import com.sharestack.billing.reconciliation.ReconciliationRepository.Difference;
import com.sharestack.billing.reconciliation.ReconciliationRepository.Run;
import com.sharestack.billing.reconciliation.Reconciliations;
import com.sharestack.contract.AdminFinanceReconciliationsGetRequest;
import com.sharestack.contract.AdminFinanceReconciliationsResolveRequest;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Reconciliation;
import com.sharestack.contract.ReconciliationCheck;
import com.sharestack.contract.ReconciliationDetail;
import com.sharestack.contract.ReconciliationDifference;
import com.sharestack.contract.ReconciliationStart;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;

/** Operations admin.finance.reconciliations_*. */
final class AdminReconciliations {

  private final Db db;
  private final Reconciliations reconciliations;
  private final ReconciliationRepository runs;

  AdminReconciliations(PaymentCore core) {
    this.db = core.parts().db();
    this.reconciliations = new Reconciliations(core);
    this.runs = reconciliations.runs();
  }

  Reconciliation run(Caller caller, ReconciliationStart body) {
    String id = reconciliations.start(caller, body.date(), body.platform());
    return view(runs.find(db, id).orElseThrow());
  }

  ReconciliationDetail get(AdminFinanceReconciliationsGetRequest request) {
    long offset = AdminPayments.offset(request.page(), request.limit());
    Run run =
        runs.find(db, request.reconciliationId()).orElseThrow(() -> Errors.of(ErrorCode.NOT_FOUND));
    long total = runs.count(db, run.id(), request.status());
    List<Difference> page =
        offset >= total
            ? List.of()
            : runs.differences(db, run.id(), request.status(), request.limit(), offset);
    return ReconciliationDetail.builder()
        .from(view(run))
        .differences(page.stream().map(AdminReconciliations::difference).toList())
        .pagination(AdminFinanceViews.pagination(request.page(), request.limit(), total))
        .build();
  }

  ReconciliationDifference resolve(
      Caller caller, AdminFinanceReconciliationsResolveRequest request) {
    return difference(
        reconciliations.resolve(
            caller, request.reconciliationId(), request.differenceId(), request.body()));
  }

  private static Reconciliation view(Run run) {
    return Reconciliation.builder()
        .reconciliationId(run.publicId())
        .reconciliationType(type(run))
        .date(run.day())
        .platform(run.platform())
        .status(run.status())
        .checks(checks(run))
        .totalCount(run.totalCount())
        .totalAmount(Money.ofFen(run.totalFen()))
        .differenceCount(run.differenceCount())
        .differenceAmount(Money.ofFen(run.differenceFen()))
        .startedAt(run.startedAt())
        .completedAt(run.completedAt())
        .errorMessage(run.error())
        .build();
  }

  private static String type(Run run) {
    return run.daily() ? "daily" : "manual";
  }

  private static List<ReconciliationCheck> checks(Run run) {
    return run.checks() == null
        ? List.of()
        : run.checks().stream()
            .map(JsonObject.class::cast)
            .map(
                check ->
                    new ReconciliationCheck(
                        check.getString("name"),
                        check.getBoolean("passed"),
                        check.getLong("checked"),
                        check.getLong("issues")))
            .toList();
  }

  private static ReconciliationDifference difference(Difference row) {
    Found found = row.found();
    return ReconciliationDifference.builder()
        .id(row.id())
        .kind(found.kind())
        .paymentId(found.paymentId())
        .refundId(found.refundId())
        .channelTradeNo(found.transactionId())
        .localAmount(amount(found.localFen()))
        .channelAmount(amount(found.channelFen()))
        .detail(found.detail())
        .status(row.status())
        .resolution(row.resolution())
        .build();
  }

  private static BigDecimal amount(Long fen) {
    return fen == null ? null : Money.ofFen(fen);
  }
}
