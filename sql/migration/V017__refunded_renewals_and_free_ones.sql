-- Owner of every table here: domain billing. Money is fen.

-- A period whose renewal was refunded may be renewed again.
ALTER TABLE payments DROP KEY uk_payments_renewal;
ALTER TABLE payments DROP COLUMN renewal_key;
ALTER TABLE payments ADD COLUMN renewal_key DATETIME(3)
  GENERATED ALWAYS AS (CASE WHEN purpose = 'renewal' AND late = 0 AND duplicate_of IS NULL
    AND status NOT IN ('failed', 'expired', 'cancelled', 'refunded') THEN period_start END) STORED;
ALTER TABLE payments ADD UNIQUE KEY uk_payments_renewal (order_id, renewal_key);

-- What was given back of the money a period lives on counts no more when the plan is changed (proration: what was really charged).
-- returned_before_fen: of that money, what was given back before this period began; its paid_fen is without that already.
ALTER TABLE subscription_periods
  ADD COLUMN returned_before_fen BIGINT NOT NULL DEFAULT 0,
  ADD CONSTRAINT ck_subscription_periods_returned CHECK (returned_before_fen >= 0);

-- A renewal for which nothing was due has no payment that could remember the request: the period does.
ALTER TABLE subscription_periods
  ADD COLUMN idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN request_hash    BINARY(32)  NULL,
  ADD UNIQUE KEY uk_subscription_periods_idempotency (subscription_id, idempotency_key);
