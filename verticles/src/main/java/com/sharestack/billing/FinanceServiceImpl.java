package com.sharestack.billing;

import com.sharestack.billing.pricing.Periods;
import com.sharestack.billing.reports.ReportOrder;
import com.sharestack.billing.reports.ReportRow;
import com.sharestack.billing.reports.Reports;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.FinanceCreateReportRequest;
import com.sharestack.contract.FinanceGetReportRequest;
import com.sharestack.contract.FinanceListReportsRequest;
import com.sharestack.contract.FinanceReportFormat;
import com.sharestack.contract.FinanceReportGroup;
import com.sharestack.contract.FinanceReportOrder;
import com.sharestack.contract.FinanceReportPage;
import com.sharestack.contract.FinanceReportResult;
import com.sharestack.contract.FinanceService;
import com.sharestack.contract.Pagination;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.storage.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Operations {@code finance.*}: a creator's report files. */
final class FinanceServiceImpl implements FinanceService {

  private static final int MOST_DAYS = 366;

  private final Clock clock;
  private final AuditRepository audit;
  private final Reports reports;
  private final boolean hasStorage;

  FinanceServiceImpl(Clock clock, AuditRepository audit, Reports reports, ObjectStore storage) {
    this.clock = clock;
    this.audit = audit;
    this.reports = reports;
    this.hasStorage = storage != ObjectStore.NONE;
  }

  @Override
  public Future<FinanceReportResult> createReport(
      Caller caller, FinanceCreateReportRequest request) {
    ReportOrder order = order(request.body());
    if (!hasStorage) {
      throw Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "reason", "STORAGE_NOT_CONFIGURED");
    }
    ReportRow report =
        reports.order(caller.userId(), order, (tx, id) -> audit(tx, caller, id, request.body()));
    return Future.succeededFuture(new FinanceReportResult(reports.view(report)));
  }

  private ReportOrder order(FinanceReportOrder wanted) {
    FinanceReportFormat format = FinanceReportFormat.of(wanted.format());
    if (format == FinanceReportFormat.PDF) {
      throw Errors.invalid("format", "暂不提供 PDF 格式，请选择 xlsx 或 csv");
    }
    LocalDate from = wanted.startDate();
    LocalDate to = wanted.endDate();
    if (from.isAfter(LocalDate.ofInstant(clock.instant(), Periods.ZONE))) {
      throw Errors.invalid("start_date", "开始日期不能晚于今天");
    }
    if (to.isBefore(from)) {
      throw Errors.invalid("end_date", "结束日期不能早于开始日期");
    }
    if (ChronoUnit.DAYS.between(from, to) >= MOST_DAYS) {
      throw Errors.invalid("end_date", "统计期间最长 366 天");
    }
    return new ReportOrder(
        wanted.reportType(), from, to, format, FinanceReportGroup.of(wanted.groupBy()));
  }

  private void audit(Tx tx, Caller caller, String reportId, FinanceReportOrder wanted) {
    JsonObject payload =
        new JsonObject()
            .put("report_type", wanted.reportType().literal())
            .put("start_date", wanted.startDate().toString())
            .put("end_date", wanted.endDate().toString())
            .put("format", wanted.format());
    audit.write(
        tx,
        caller,
        new AuditRepository.Entry(
            "finance.create_report", "report", reportId, null, "queued", payload),
        clock.instant());
  }

  @Override
  public Future<FinanceReportPage> listReports(Caller caller, FinanceListReportsRequest request) {
    long total = reports.count(caller.userId(), request.reportType(), request.status());
    long offset = (request.page() - 1L) * request.limit();
    List<ReportRow> page =
        offset >= total
            ? List.of()
            : reports.page(
                caller.userId(), request.reportType(), request.status(), request.limit(), offset);
    return Future.succeededFuture(
        new FinanceReportPage(
            page.stream().map(reports::item).toList(),
            new Pagination(
                request.page(),
                request.limit(),
                total,
                (total + request.limit() - 1) / request.limit())));
  }

  @Override
  public Future<FinanceReportResult> getReport(Caller caller, FinanceGetReportRequest request) {
    return Future.succeededFuture(
        new FinanceReportResult(
            reports
                .find(caller.userId(), request.reportId())
                .map(reports::view)
                .orElseThrow(() -> Errors.of(ErrorCode.NOT_FOUND))));
  }
}
