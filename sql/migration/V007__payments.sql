-- Owner of every table here: domain billing (package billing.payments). Money is fen. user_id and creator_id are ids of the domain
-- users, without foreign key. A payment is one attempt to pay an order at a channel; the order (subscription, purchase) is named by
-- its public id.

-- live_key: at most one payment in pending or processing per order. renewal_key: at most one renewal that was not lost per period.
-- A second channel transaction for one payment is a row of its own (duplicate_of); it is refunded under the first row's out_trade_no.
CREATE TABLE payments (
  payment_id            BIGINT       NOT NULL AUTO_INCREMENT,
  public_id             VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'pay_ + 12',
  user_id               BIGINT       NOT NULL COMMENT 'payer',
  creator_id            BIGINT       NOT NULL,
  order_type            VARCHAR(12)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id              VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'sub_, pur_ or tip_',
  purpose               VARCHAR(12)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  plan_id               BIGINT       NULL,
  article_id            BIGINT       NULL,
  period_start          DATETIME(3)  NULL COMMENT 'renewal: start of the period it pays',
  duplicate_of          BIGINT       NULL,
  list_fen              BIGINT       NOT NULL COMMENT 'P',
  promotion_fen         BIGINT       NOT NULL DEFAULT 0,
  coupon_fen            BIGINT       NOT NULL DEFAULT 0,
  platform_discount_fen BIGINT       NOT NULL DEFAULT 0 COMMENT 'Dp',
  amount_fen            BIGINT       NOT NULL COMMENT 'A',
  platform_fee_fen      BIGINT       NOT NULL COMMENT 'F',
  creator_share_fen     BIGINT       NOT NULL COMMENT 'S',
  rest_fen              BIGINT       NOT NULL COMMENT 'R',
  channel_fee_fen       BIGINT       NOT NULL COMMENT 'C, as expected',
  currency              CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'CNY',
  received_fen          BIGINT       NULL COMMENT 'what arrived when it was not amount_fen',
  reserved_fen          BIGINT       NOT NULL DEFAULT 0 COMMENT 'of all refunds that are not rejected',
  refunded_fen          BIGINT       NOT NULL DEFAULT 0 COMMENT 'of refunds the channel confirmed',
  returned_fen          BIGINT       NOT NULL DEFAULT 0 COMMENT 'of approved refunds of the sale, with its split:',
  returned_discount_fen BIGINT       NOT NULL DEFAULT 0,
  returned_platform_fen BIGINT       NOT NULL DEFAULT 0,
  returned_creator_fen  BIGINT       NOT NULL DEFAULT 0,
  status                VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  failure_code          VARCHAR(24)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  late                  TINYINT      NOT NULL DEFAULT 0 COMMENT 'money that came too late or twice: fulfils nothing, goes back',
  payment_method        VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  product               VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  out_trade_no          VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  transaction_id        VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  placed                TEXT         NULL COMMENT 'JSON, what the payer''s device needs; null: not created at the channel yet',
  description           VARCHAR(128) NOT NULL,
  return_url            VARCHAR(2048) NULL,
  openid                VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
  payer_ip              VARCHAR(45)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  idempotency_scope     VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'operation and its target',
  idempotency_key       VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  request_hash          BINARY(32)   NULL,
  expires_at            DATETIME(3)  NOT NULL,
  paid_at               DATETIME(3)  NULL COMMENT 'as the channel says',
  confirmed_at          DATETIME(3)  NULL COMMENT 'last time the payer made us ask',
  next_check_at         DATETIME(3)  NULL COMMENT 'when the channel is asked again; null: no more',
  checks                INT          NOT NULL DEFAULT 0,
  created_at            DATETIME(3)  NOT NULL,
  updated_at            DATETIME(3)  NOT NULL,
  live_key              TINYINT      GENERATED ALWAYS AS (CASE WHEN status IN ('pending', 'processing') THEN 1 END) STORED,
  renewal_key           DATETIME(3)  GENERATED ALWAYS AS (CASE WHEN purpose = 'renewal' AND late = 0 AND duplicate_of IS NULL
                        AND status NOT IN ('failed', 'expired', 'cancelled') THEN period_start END) STORED,
  PRIMARY KEY (payment_id),
  UNIQUE KEY uk_payments_public_id (public_id),
  UNIQUE KEY uk_payments_out_trade_no (out_trade_no),
  UNIQUE KEY uk_payments_transaction (payment_method, transaction_id),
  UNIQUE KEY uk_payments_live (order_id, live_key),
  UNIQUE KEY uk_payments_renewal (order_id, renewal_key),
  UNIQUE KEY uk_payments_idempotency (user_id, idempotency_scope, idempotency_key),
  KEY ix_payments_order (order_id, payment_id),
  KEY ix_payments_user (user_id, created_at, payment_id),
  KEY ix_payments_created (created_at, payment_id),
  KEY ix_payments_paid (payment_method, paid_at, payment_id),
  KEY ix_payments_check (next_check_at, payment_id),
  CONSTRAINT fk_payments_duplicate FOREIGN KEY (duplicate_of) REFERENCES payments (payment_id),
  CONSTRAINT ck_payments_status CHECK (status IN
    ('pending', 'processing', 'completed', 'failed', 'expired', 'cancelled', 'partial_refunded', 'refunded')),
  CONSTRAINT ck_payments_order CHECK (order_type IN ('subscription', 'one_time')
    AND purpose IN ('initial', 'renewal', 'plan_change', 'purchase', 'tip')
    AND (purpose = 'renewal') = (period_start IS NOT NULL)),
  CONSTRAINT ck_payments_currency CHECK (currency = 'CNY'),
  CONSTRAINT ck_payments_price CHECK (amount_fen > 0 AND promotion_fen >= 0 AND coupon_fen >= 0
    AND platform_discount_fen BETWEEN 0 AND promotion_fen + coupon_fen
    AND amount_fen = list_fen - promotion_fen - coupon_fen),
  CONSTRAINT ck_payments_shares CHECK (platform_fee_fen >= 0 AND creator_share_fen >= 0 AND rest_fen >= 0 AND channel_fee_fen >= 0
    AND platform_fee_fen + creator_share_fen + rest_fen = amount_fen + platform_discount_fen),
  CONSTRAINT ck_payments_paid CHECK (status NOT IN ('completed', 'partial_refunded', 'refunded')
    OR (paid_at IS NOT NULL AND transaction_id IS NOT NULL)),
  CONSTRAINT ck_payments_refunds CHECK (refunded_fen >= 0 AND refunded_fen <= reserved_fen
    AND reserved_fen <= COALESCE(received_fen, amount_fen) AND returned_fen BETWEEN 0 AND reserved_fen),
  CONSTRAINT ck_payments_returned CHECK (returned_discount_fen BETWEEN 0 AND platform_discount_fen
    AND returned_platform_fen BETWEEN 0 AND platform_fee_fen + rest_fen
    AND returned_creator_fen BETWEEN 0 AND creator_share_fen
    AND returned_fen + returned_discount_fen = returned_platform_fen + returned_creator_fen),
  CONSTRAINT ck_payments_duplicate CHECK (duplicate_of IS NULL OR late = 1),
  CONSTRAINT ck_payments_placed CHECK (placed IS NULL OR JSON_VALID(placed)),
  CONSTRAINT ck_payments_idempotency CHECK ((idempotency_key IS NULL) = (request_hash IS NULL)
    AND (idempotency_key IS NULL) = (idempotency_scope IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- kind: sale = of a fulfilled payment, with its split; unfulfilled = late or duplicate money; suspense = another amount than asked.
CREATE TABLE refunds (
  refund_id          BIGINT       NOT NULL AUTO_INCREMENT,
  public_id          VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'rf_ + 12',
  payment_id         BIGINT       NOT NULL,
  user_id            BIGINT       NOT NULL COMMENT 'payer',
  creator_id         BIGINT       NOT NULL,
  kind               VARCHAR(12)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen         BIGINT       NOT NULL,
  refund_type        VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason             VARCHAR(256) NOT NULL,
  policy             VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  operator_type      VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status             VARCHAR(12)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  discount_fen       BIGINT       NOT NULL DEFAULT 0,
  platform_fen       BIGINT       NOT NULL DEFAULT 0,
  creator_fen        BIGINT       NOT NULL DEFAULT 0,
  payment_method     VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  out_refund_no      VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel_refund_id  VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  accepted_at        DATETIME(3)  NULL COMMENT 'the channel took it; from then on it is asked, not told',
  attempts           INT          NOT NULL DEFAULT 0,
  next_attempt_at    DATETIME(3)  NULL,
  last_error         VARCHAR(200) NULL,
  notify_user        TINYINT      NOT NULL DEFAULT 1,
  reject_reason      VARCHAR(256) NULL,
  decided_by         BIGINT       NULL,
  decided_at         DATETIME(3)  NULL,
  idempotency_key    VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  request_hash       BINARY(32)   NULL,
  estimated_arrival  DATETIME(3)  NULL,
  processed_at       DATETIME(3)  NULL,
  created_at         DATETIME(3)  NOT NULL,
  updated_at         DATETIME(3)  NOT NULL,
  live_key           TINYINT      GENERATED ALWAYS AS (CASE WHEN status IN ('pending', 'processing', 'failed') THEN 1 END) STORED,
  PRIMARY KEY (refund_id),
  UNIQUE KEY uk_refunds_public_id (public_id),
  UNIQUE KEY uk_refunds_out_refund_no (out_refund_no),
  UNIQUE KEY uk_refunds_live (payment_id, live_key),
  UNIQUE KEY uk_refunds_idempotency (user_id, idempotency_key),
  KEY ix_refunds_user (user_id, created_at, refund_id),
  KEY ix_refunds_status (status, created_at, refund_id),
  KEY ix_refunds_created (created_at, refund_id),
  KEY ix_refunds_done (payment_method, processed_at, refund_id),
  KEY ix_refunds_due (next_attempt_at, refund_id),
  CONSTRAINT fk_refunds_payment FOREIGN KEY (payment_id) REFERENCES payments (payment_id),
  CONSTRAINT ck_refunds_kind CHECK (kind IN ('sale', 'unfulfilled', 'suspense')),
  CONSTRAINT ck_refunds_status CHECK (status IN ('pending', 'processing', 'success', 'failed', 'rejected')),
  CONSTRAINT ck_refunds_policy CHECK (policy IN
    ('trial', 'first_period', 'renewal', 'single_content', 'system', 'removed_by_creator', 'review')),
  CONSTRAINT ck_refunds_type CHECK (refund_type IN ('full', 'partial') AND operator_type IN ('system', 'manual')),
  CONSTRAINT ck_refunds_amount CHECK (amount_fen > 0 AND discount_fen >= 0 AND platform_fen >= 0 AND creator_fen >= 0),
  CONSTRAINT ck_refunds_success CHECK (status <> 'success' OR processed_at IS NOT NULL),
  CONSTRAINT ck_refunds_idempotency CHECK ((idempotency_key IS NULL) = (request_hash IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Notifications of the channels whose signature held, once each. The row is committed before the channel gets its answer; it turns
-- to done in the transaction of the effect, so that a process killed between the two leaves work that another one finds.
CREATE TABLE channel_notices (
  notice_id       BIGINT       NOT NULL AUTO_INCREMENT,
  channel         VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  notification_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  digest          CHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of the business content',
  kind            VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_type      VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content         TEXT         NOT NULL COMMENT 'JSON, what the effect needs',
  raw             MEDIUMBLOB   NULL COMMENT 'the body as received, encrypted; removed after a year',
  state           VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'received',
  outcome         VARCHAR(24)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  attempts        INT          NOT NULL DEFAULT 0,
  next_attempt_at DATETIME(3)  NULL,
  last_error      VARCHAR(200) NULL,
  received_at     DATETIME(3)  NOT NULL,
  processed_at    DATETIME(3)  NULL,
  PRIMARY KEY (notice_id),
  UNIQUE KEY uk_channel_notices (channel, notification_id),
  KEY ix_channel_notices_due (next_attempt_at, notice_id),
  KEY ix_channel_notices_received (received_at),
  CONSTRAINT ck_channel_notices_state CHECK (state IN ('received', 'done', 'dead')
    AND (state = 'done') = (processed_at IS NOT NULL)),
  CONSTRAINT ck_channel_notices_content CHECK (JSON_VALID(content))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Notifications that were refused before anything was read from them; at most some a minute are kept.
CREATE TABLE channel_refusals (
  refusal_id  BIGINT       NOT NULL AUTO_INCREMENT,
  channel     VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason      VARCHAR(24)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail      VARCHAR(200) NOT NULL,
  ip          VARCHAR(45)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  received_at DATETIME(3)  NOT NULL,
  PRIMARY KEY (refusal_id),
  KEY ix_channel_refusals_received (received_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Append-only timeline of a payment and its refunds.
CREATE TABLE payment_logs (
  log_id      BIGINT      NOT NULL AUTO_INCREMENT,
  payment_id  BIGINT      NOT NULL,
  action_type VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status_from VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  status_to   VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  success     TINYINT     NOT NULL,
  error_code  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  data        TEXT        NULL COMMENT 'JSON, for staff',
  created_at  DATETIME(3) NOT NULL,
  PRIMARY KEY (log_id),
  KEY ix_payment_logs_payment (payment_id, log_id),
  KEY ix_payment_logs_created (created_at),
  CONSTRAINT fk_payment_logs_payment FOREIGN KEY (payment_id) REFERENCES payments (payment_id),
  CONSTRAINT ck_payment_logs_action CHECK (action_type IN ('CREATE', 'UPDATE', 'CALLBACK', 'REFUND', 'QUERY')),
  CONSTRAINT ck_payment_logs_data CHECK (data IS NULL OR JSON_VALID(data))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- What a person must look at; (kind, ref) is opened once.
CREATE TABLE payment_tickets (
  ticket_id   BIGINT       NOT NULL AUTO_INCREMENT,
  kind        VARCHAR(30)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ref         VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id  BIGINT       NULL,
  amount_fen  BIGINT       NULL,
  detail      TEXT         NOT NULL COMMENT 'JSON',
  status      VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'open',
  resolved_by BIGINT       NULL,
  resolution  VARCHAR(500) NULL,
  resolved_at DATETIME(3)  NULL,
  created_at  DATETIME(3)  NOT NULL,
  PRIMARY KEY (ticket_id),
  UNIQUE KEY uk_payment_tickets (kind, ref),
  KEY ix_payment_tickets_status (status, created_at),
  CONSTRAINT fk_payment_tickets_payment FOREIGN KEY (payment_id) REFERENCES payments (payment_id),
  CONSTRAINT ck_payment_tickets_status CHECK (status IN ('open', 'resolved') AND (status = 'resolved') = (resolved_at IS NOT NULL)),
  CONSTRAINT ck_payment_tickets_detail CHECK (JSON_VALID(detail))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
