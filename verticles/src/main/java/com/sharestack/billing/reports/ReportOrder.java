package com.sharestack.billing.reports;

import com.sharestack.contract.FinanceReportFormat;
import com.sharestack.contract.FinanceReportGroup;
import com.sharestack.contract.FinanceReportType;
import java.time.LocalDate;

/**
 * What was ordered.
 *
 * @param to last day
 */
public record ReportOrder(
    FinanceReportType type,
    LocalDate from,
    LocalDate to,
    FinanceReportFormat format,
    FinanceReportGroup groupBy) {

  /** Equal for equal orders, and only for them. */
  String key() {
    return String.join(
        "|", type.literal(), from.toString(), to.toString(), format.literal(), groupBy.literal());
  }
}
