/**
 * Report files over a creator's money and subscribers (contract entries finance.*Report). Owns
 * table finance_reports and the objects below {@code reports/}; reads the journal page by page,
 * never whole. Work is a job, billing.report; billing.report_sweep removes files after their time.
 * Emits finance.report.finished.
 */
package com.sharestack.billing.reports;
