-- Owner of every table here: domain billing (package billing.reconciliation). Money is fen.

-- Staff who started a refund must not approve it; null: the payer or the system did.
ALTER TABLE refunds ADD COLUMN requested_by BIGINT NULL COMMENT 'staff who started it';

-- A run over one Shanghai day. live_key: one at a time; daily_key: the schedule's own run happens once per day and platform, whoever
-- asks.
CREATE TABLE reconciliations (
  reconciliation_id BIGINT       NOT NULL AUTO_INCREMENT,
  public_id         VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'rec_ + 12',
  run_type          VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  platform          VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day               DATE         NOT NULL,
  status            VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'running',
  total_count       BIGINT       NOT NULL DEFAULT 0,
  total_fen         BIGINT       NOT NULL DEFAULT 0,
  difference_count  BIGINT       NOT NULL DEFAULT 0,
  difference_fen    BIGINT       NOT NULL DEFAULT 0,
  checks            TEXT         NULL COMMENT 'JSON, at the end',
  error_message     VARCHAR(500) NULL,
  started_by        BIGINT       NULL COMMENT 'staff; null: the schedule',
  started_at        DATETIME(3)  NOT NULL,
  completed_at      DATETIME(3)  NULL,
  live_key          TINYINT      GENERATED ALWAYS AS (CASE WHEN status = 'running' THEN 1 END) STORED,
  daily_key         TINYINT      GENERATED ALWAYS AS (CASE WHEN run_type = 'daily' THEN 1 END) STORED,
  PRIMARY KEY (reconciliation_id),
  UNIQUE KEY uk_reconciliations_public_id (public_id),
  UNIQUE KEY uk_reconciliations_live (platform, day, live_key),
  UNIQUE KEY uk_reconciliations_daily (platform, day, daily_key),
  CONSTRAINT ck_reconciliations_type CHECK (run_type IN ('daily', 'manual')),
  CONSTRAINT ck_reconciliations_platform CHECK (platform IN ('wechat', 'alipay', 'unionpay', 'internal')),
  CONSTRAINT ck_reconciliations_status CHECK (status IN ('running', 'passed', 'failed', 'error')
    AND (status = 'running') = (completed_at IS NULL)),
  CONSTRAINT ck_reconciliations_checks CHECK (checks IS NULL OR JSON_VALID(checks))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- The last downloaded bill of a channel and day, line by line: compared page by page, so that a long bill costs no heap.
CREATE TABLE channel_bill_lines (
  platform       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day            DATE        NOT NULL,
  line_no        INT         NOT NULL,
  kind           VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  out_trade_no   VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  out_refund_no  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  amount_fen     BIGINT      NOT NULL,
  fee_fen        BIGINT      NOT NULL,
  status         VARCHAR(32) NOT NULL,
  happened_at    DATETIME(3) NOT NULL,
  PRIMARY KEY (platform, day, line_no),
  KEY ix_channel_bill_lines_transaction (platform, transaction_id, kind),
  KEY ix_channel_bill_lines_refund (platform, out_refund_no),
  CONSTRAINT ck_channel_bill_lines_kind CHECK (kind IN ('payment', 'refund') AND (kind = 'refund') = (out_refund_no IS NOT NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- What does not agree; (run, kind, ref) is found once, however often a run is taken up again.
CREATE TABLE reconciliation_differences (
  difference_id     BIGINT       NOT NULL AUTO_INCREMENT,
  reconciliation_id BIGINT       NOT NULL,
  kind              VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ref               VARCHAR(90)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what it is about, unique over all channels',
  check_name        VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id        VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'pay_',
  refund_id         VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'rf_',
  out_trade_no      VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  transaction_id    VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  out_refund_no     VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  local_fen         BIGINT       NULL,
  channel_fen       BIGINT       NULL,
  detail            VARCHAR(300) NOT NULL,
  status            VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'open',
  resolution        VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  note              VARCHAR(500) NULL,
  adjustment_id     VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  resolved_by       BIGINT       NULL COMMENT 'staff; null: the run itself',
  resolved_at       DATETIME(3)  NULL,
  created_at        DATETIME(3)  NOT NULL,
  PRIMARY KEY (difference_id),
  UNIQUE KEY uk_reconciliation_differences (reconciliation_id, kind, ref),
  KEY ix_reconciliation_differences_list (reconciliation_id, difference_id),
  CONSTRAINT fk_reconciliation_differences_run FOREIGN KEY (reconciliation_id) REFERENCES reconciliations (reconciliation_id),
  CONSTRAINT ck_reconciliation_differences_kind CHECK (kind IN
    ('missing_local', 'missing_channel', 'amount_mismatch', 'status_mismatch', 'fee_mismatch', 'ledger_mismatch')),
  CONSTRAINT ck_reconciliation_differences_check CHECK (check_name IN
    ('payment_consistency', 'amount_accuracy', 'summary_accuracy', 'rule_correctness')),
  CONSTRAINT ck_reconciliation_differences_status CHECK (status IN ('open', 'resolved', 'ignored')
    AND (status = 'open') = (resolved_at IS NULL) AND (status = 'open') = (resolution IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
