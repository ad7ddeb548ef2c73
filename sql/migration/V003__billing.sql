-- Owner of every table here: domain billing. Money is fen. user_id and creator_id are ids of the domain users, without foreign key.

-- The three generated columns carry the rules "one live plan per name", "one free live plan" and "one default plan per cycle" of
-- a creator; they are null, and so not unique, for deleted rows.
CREATE TABLE plans (
  plan_id         BIGINT       NOT NULL AUTO_INCREMENT,
  creator_id      BIGINT       NOT NULL,
  name            VARCHAR(100) NOT NULL,
  description     VARCHAR(500) NULL,
  price_fen       BIGINT       NOT NULL,
  currency        CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'CNY',
  billing_cycle   VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  features        TEXT         NOT NULL COMMENT 'JSON array of at most 20 texts',
  trial_days      TINYINT      NOT NULL DEFAULT 0,
  is_active       TINYINT      NOT NULL DEFAULT 0,
  ever_activated  TINYINT      NOT NULL DEFAULT 0 COMMENT '0 and not active = draft',
  ever_sold       TINYINT      NOT NULL DEFAULT 0 COMMENT 'fixes cycle, currency and free or priced',
  is_default      TINYINT      NOT NULL DEFAULT 0 COMMENT 'metadata.default: the plan behind the profile shortcut',
  sort_order      INT          NOT NULL DEFAULT 0 COMMENT 'metadata.sort_order',
  entitlements    TEXT         NOT NULL COMMENT 'JSON PlanEntitlements',
  metadata        TEXT         NOT NULL COMMENT 'JSON object, at most 4 KiB',
  idempotency_key VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  request_hash    BINARY(32)   NULL,
  created_at      DATETIME(3)  NOT NULL,
  updated_at      DATETIME(3)  NOT NULL,
  deleted_at      DATETIME(3)  NULL,
  live_name       VARCHAR(100) COLLATE utf8mb4_0900_ai_ci
                  GENERATED ALWAYS AS (CASE WHEN deleted_at IS NULL THEN name END) STORED,
  live_free       TINYINT      GENERATED ALWAYS AS (CASE WHEN deleted_at IS NULL AND price_fen = 0 THEN 1 END) STORED,
  live_default    VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin
                  GENERATED ALWAYS AS (CASE WHEN deleted_at IS NULL AND is_default = 1 THEN billing_cycle END) STORED,
  PRIMARY KEY (plan_id),
  UNIQUE KEY uk_plans_live_name (creator_id, live_name),
  UNIQUE KEY uk_plans_live_free (creator_id, live_free),
  UNIQUE KEY uk_plans_live_default (creator_id, live_default),
  UNIQUE KEY uk_plans_idempotency (creator_id, idempotency_key),
  KEY ix_plans_list (creator_id, deleted_at, sort_order, price_fen, plan_id),
  CONSTRAINT ck_plans_price CHECK (price_fen = 0 OR price_fen BETWEEN 100 AND 9999999999),
  CONSTRAINT ck_plans_currency CHECK (currency = 'CNY'),
  CONSTRAINT ck_plans_cycle CHECK (billing_cycle IN ('monthly', 'quarterly', 'yearly', 'lifetime')),
  CONSTRAINT ck_plans_trial CHECK (trial_days BETWEEN 0 AND 30
    AND (trial_days = 0 OR (price_fen > 0 AND billing_cycle <> 'lifetime'))),
  CONSTRAINT ck_plans_active CHECK (is_active = 0 OR (ever_activated = 1 AND deleted_at IS NULL)),
  CONSTRAINT ck_plans_json CHECK (JSON_VALID(features) AND JSON_VALID(entitlements) AND JSON_VALID(metadata)),
  CONSTRAINT ck_plans_idempotency CHECK ((idempotency_key IS NULL) = (request_hash IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Append-only.
CREATE TABLE plan_price_history (
  price_history_id BIGINT      NOT NULL AUTO_INCREMENT,
  plan_id          BIGINT      NOT NULL,
  old_price_fen    BIGINT      NULL COMMENT 'null: creation',
  new_price_fen    BIGINT      NOT NULL,
  changed_by       BIGINT      NOT NULL,
  changed_at       DATETIME(3) NOT NULL,
  PRIMARY KEY (price_history_id),
  KEY ix_plan_price_history_plan (plan_id, price_history_id),
  CONSTRAINT fk_plan_price_history_plan FOREIGN KEY (plan_id) REFERENCES plans (plan_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- live_key: every status but expired counts as live, so the database allows one such row per user and creator. A cancelled row
-- whose access_until has passed is ended by subscriptions.create first, in its own transaction.
-- Whether a row grants access is decided by the access function alone, never by this column.
-- next_transition_at is when the lifecycle job must look at the row again (end of trial, period, grace, access, or payment).
CREATE TABLE subscriptions (
  subscription_id      BIGINT       NOT NULL AUTO_INCREMENT,
  public_id            VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'sub_ + 12',
  user_id              BIGINT       NOT NULL,
  creator_id           BIGINT       NOT NULL,
  plan_id              BIGINT       NOT NULL,
  status               VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ended_reason         VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  source               VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  price_fen            BIGINT       NOT NULL COMMENT 'locked at creation, used for every renewal',
  currency             CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'CNY',
  billing_cycle        VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  anchor_day           TINYINT      NULL COMMENT 'day of month in Asia/Shanghai; null without periods',
  trial_ends_at        DATETIME(3)  NULL COMMENT 'kept after the trial: one trial per user and creator for life',
  current_period_start DATETIME(3)  NULL,
  current_period_end   DATETIME(3)  NULL COMMENT 'null for lifetime and free plans',
  grace_until          DATETIME(3)  NULL,
  access_until         DATETIME(3)  NULL,
  auto_renew           TINYINT      NOT NULL DEFAULT 0,
  agreement_id         VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  pending_plan_id      BIGINT       NULL,
  pending_price_fen    BIGINT       NULL,
  pending_timing       VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  pending_effective_at DATETIME(3)  NULL,
  next_transition_at   DATETIME(3)  NULL,
  cancel_reason        VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  cancel_feedback      VARCHAR(500) NULL,
  cancelled_at         DATETIME(3)  NULL,
  changed_at           DATETIME(3)  NULL COMMENT 'last applied plan change',
  activated_at         DATETIME(3)  NULL,
  ended_at             DATETIME(3)  NULL,
  idempotency_key      VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  request_hash         BINARY(32)   NULL,
  created_at           DATETIME(3)  NOT NULL,
  updated_at           DATETIME(3)  NOT NULL,
  live_key             TINYINT      GENERATED ALWAYS AS (CASE WHEN status <> 'expired' THEN 1 END) STORED,
  PRIMARY KEY (subscription_id),
  UNIQUE KEY uk_subscriptions_public_id (public_id),
  UNIQUE KEY uk_subscriptions_live (user_id, creator_id, live_key),
  UNIQUE KEY uk_subscriptions_idempotency (user_id, idempotency_key),
  KEY ix_subscriptions_user (user_id, created_at, subscription_id),
  KEY ix_subscriptions_creator (creator_id, status, created_at, subscription_id),
  KEY ix_subscriptions_fan_out (creator_id, live_key, user_id),
  KEY ix_subscriptions_plan (plan_id, live_key),
  KEY ix_subscriptions_pending_plan (pending_plan_id),
  KEY ix_subscriptions_due (next_transition_at, subscription_id),
  CONSTRAINT fk_subscriptions_plan FOREIGN KEY (plan_id) REFERENCES plans (plan_id),
  CONSTRAINT fk_subscriptions_pending_plan FOREIGN KEY (pending_plan_id) REFERENCES plans (plan_id),
  CONSTRAINT ck_subscriptions_status CHECK (status IN
    ('pending_payment', 'trialing', 'active', 'past_due', 'cancelled', 'expired')),
  CONSTRAINT ck_subscriptions_ended CHECK (ended_reason IS NULL OR ended_reason IN
    ('natural', 'unpaid', 'refunded', 'payment_failed', 'removed_by_creator', 'admin')),
  CONSTRAINT ck_subscriptions_expired CHECK (status <> 'expired' OR (ended_reason IS NOT NULL AND ended_at IS NOT NULL)),
  CONSTRAINT ck_subscriptions_source CHECK (source IN ('paid', 'free', 'granted')),
  CONSTRAINT ck_subscriptions_price CHECK (price_fen >= 0 AND (pending_price_fen IS NULL OR pending_price_fen >= 0)),
  CONSTRAINT ck_subscriptions_cycle CHECK (billing_cycle IN ('monthly', 'quarterly', 'yearly', 'lifetime')),
  CONSTRAINT ck_subscriptions_access CHECK (status <> 'cancelled' OR (access_until IS NOT NULL AND cancelled_at IS NOT NULL)),
  CONSTRAINT ck_subscriptions_grace CHECK (status <> 'past_due' OR grace_until IS NOT NULL),
  CONSTRAINT ck_subscriptions_trial CHECK (status <> 'trialing' OR trial_ends_at IS NOT NULL),
  CONSTRAINT ck_subscriptions_pending CHECK ((pending_plan_id IS NULL) = (pending_timing IS NULL)
    AND (pending_timing IS NULL OR pending_timing IN ('immediate', 'next_cycle'))),
  CONSTRAINT ck_subscriptions_self CHECK (user_id <> creator_id),
  CONSTRAINT ck_subscriptions_idempotency CHECK ((idempotency_key IS NULL) = (request_hash IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- One row per period that was granted. The unique key forbids renewing the same period twice.
CREATE TABLE subscription_periods (
  period_id       BIGINT      NOT NULL AUTO_INCREMENT,
  subscription_id BIGINT      NOT NULL,
  plan_id         BIGINT      NOT NULL,
  period_start    DATETIME(3) NOT NULL,
  period_end      DATETIME(3) NULL COMMENT 'null: without end',
  price_fen       BIGINT      NOT NULL COMMENT 'locked price of the period',
  paid_fen        BIGINT      NOT NULL COMMENT 'really charged, after discounts, with upgrade charges',
  payment_id      VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'null: nothing was due',
  created_at      DATETIME(3) NOT NULL,
  PRIMARY KEY (period_id),
  UNIQUE KEY uk_subscription_periods_start (subscription_id, period_start),
  KEY ix_subscription_periods_plan (plan_id),
  CONSTRAINT fk_subscription_periods_subscription FOREIGN KEY (subscription_id) REFERENCES subscriptions (subscription_id),
  CONSTRAINT fk_subscription_periods_plan FOREIGN KEY (plan_id) REFERENCES plans (plan_id),
  CONSTRAINT ck_subscription_periods_order CHECK (period_end IS NULL OR period_end > period_start),
  CONSTRAINT ck_subscription_periods_money CHECK (price_fen >= 0 AND paid_fen >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Users with access, changed in the transaction that grants or ends it.
CREATE TABLE plan_counts (
  plan_id          BIGINT NOT NULL,
  subscriber_count BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (plan_id),
  CONSTRAINT fk_plan_counts_plan FOREIGN KEY (plan_id) REFERENCES plans (plan_id),
  CONSTRAINT ck_plan_counts CHECK (subscriber_count >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE creator_counts (
  creator_id            BIGINT NOT NULL,
  subscriber_count      BIGINT NOT NULL DEFAULT 0,
  paid_subscriber_count BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (creator_id),
  CONSTRAINT ck_creator_counts CHECK (subscriber_count >= paid_subscriber_count AND paid_subscriber_count >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Append-only, one row per mutating call.
CREATE TABLE billing_audit (
  audit_id      BIGINT       NOT NULL AUTO_INCREMENT,
  actor_id      BIGINT       NULL COMMENT 'null: a job',
  actor_role    VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  action        VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  target_type   VARCHAR(30)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  target_id     VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status_before VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  status_after  VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  ip            VARCHAR(45)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  user_agent    VARCHAR(500) NULL,
  request_id    VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  payload       TEXT         NULL COMMENT 'JSON, masked',
  created_at    DATETIME(3)  NOT NULL,
  PRIMARY KEY (audit_id),
  KEY ix_billing_audit_target (target_type, target_id, audit_id),
  KEY ix_billing_audit_actor (actor_id, audit_id),
  CONSTRAINT ck_billing_audit_payload CHECK (payload IS NULL OR JSON_VALID(payload))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
