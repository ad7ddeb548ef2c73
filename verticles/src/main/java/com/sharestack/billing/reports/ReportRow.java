package com.sharestack.billing.reports;

import com.sharestack.contract.FinanceReportFailure;
import com.sharestack.contract.FinanceReportStatus;
import java.time.Instant;

/**
 * A row of finance_reports.
 *
 * @param failure null unless failed
 * @param snapshotSeq last journal of the creator's book it sees; null before the work began
 * @param rowCount null before the file was made
 */
public record ReportRow(
    String publicId,
    long creatorId,
    ReportOrder order,
    FinanceReportStatus status,
    FinanceReportFailure failure,
    int progress,
    Long snapshotSeq,
    Long rowCount,
    Instant createdAt,
    Instant expiresAt) {

  /** Where its file is. */
  String fileKey() {
    return "reports/" + creatorId + "/" + publicId + "." + order.format().literal();
  }

  /** The file is removed by a timer; until it comes the row is as expired as after it. */
  public FinanceReportStatus statusAt(Instant now) {
    return status == FinanceReportStatus.READY && !now.isBefore(expiresAt)
        ? FinanceReportStatus.EXPIRED
        : status;
  }
}
