-- Owner: domain billing (package billing.reports). Report files that creators order; the file is in the object store.

-- params_key is what was ordered: while it is set, the same order finds this row. It is cleared ten minutes after the order, or when
-- the report failed. snapshot_seq is the last journal of the creator's book that the report sees, whoever writes it and however often.
CREATE TABLE finance_reports (
  report_id      BIGINT       NOT NULL AUTO_INCREMENT,
  public_id      VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'rpt_ + 12',
  creator_id     BIGINT       NOT NULL,
  report_type    VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  period_start   DATE         NOT NULL,
  period_end     DATE         NOT NULL COMMENT 'last day',
  format         VARCHAR(4)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  group_by       VARCHAR(5)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  params_key     VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  status         VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'queued',
  failure_reason VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  progress       TINYINT      NOT NULL DEFAULT 0 COMMENT 'percent',
  snapshot_seq   BIGINT       NULL,
  row_count      INT          NULL,
  file_bytes     BIGINT       NULL,
  created_at     DATETIME(3)  NOT NULL,
  finished_at    DATETIME(3)  NULL,
  expires_at     DATETIME(3)  NOT NULL,
  updated_at     DATETIME(3)  NOT NULL,
  PRIMARY KEY (report_id),
  UNIQUE KEY uk_finance_reports_public_id (public_id),
  UNIQUE KEY uk_finance_reports_params (creator_id, params_key),
  KEY ix_finance_reports_list (creator_id, created_at, report_id),
  KEY ix_finance_reports_expiry (status, expires_at, report_id),
  CONSTRAINT ck_finance_reports_type CHECK (report_type IN
    ('revenue', 'expense', 'profit_loss', 'cash_flow', 'creator_revenue', 'subscribers')),
  CONSTRAINT ck_finance_reports_format CHECK (format IN ('xlsx', 'csv')),
  CONSTRAINT ck_finance_reports_group CHECK (group_by IN ('day', 'week', 'month')),
  CONSTRAINT ck_finance_reports_status CHECK (status IN ('queued', 'running', 'ready', 'failed', 'expired')),
  CONSTRAINT ck_finance_reports_failed CHECK ((status = 'failed') = (failure_reason IS NOT NULL)),
  CONSTRAINT ck_finance_reports_ready CHECK (status <> 'ready' OR (row_count IS NOT NULL AND file_bytes IS NOT NULL)),
  CONSTRAINT ck_finance_reports_period CHECK (period_end >= period_start),
  CONSTRAINT ck_finance_reports_progress CHECK (progress BETWEEN 0 AND 100)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- A creator's journals in the order in which they were posted.
CREATE INDEX ix_ledger_journals_creator ON ledger_journals (creator_id, posted_at, journal_id);

-- A creator's subscribers by user, the latest subscription of each.
CREATE INDEX ix_subscriptions_subscribers ON subscriptions (creator_id, user_id, subscription_id);
