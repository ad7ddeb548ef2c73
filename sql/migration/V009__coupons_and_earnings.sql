-- Owner of every table here: domain billing. Money is fen. Ids of users, creators and articles belong to other domains, without
-- foreign key.

-- Switches of a creator (entity SubscriptionSettings); a missing row means the defaults.
CREATE TABLE subscription_settings (
  creator_id          BIGINT        NOT NULL,
  auto_renew_enabled  TINYINT       NOT NULL DEFAULT 1,
  trial_enabled       TINYINT       NOT NULL DEFAULT 1,
  coupons_enabled     TINYINT       NOT NULL DEFAULT 0,
  email_notifications TINYINT       NOT NULL DEFAULT 1,
  welcome_title       VARCHAR(100)  NOT NULL DEFAULT '',
  welcome_message     VARCHAR(2000) NOT NULL DEFAULT '',
  updated_at          DATETIME(3)   NOT NULL,
  PRIMARY KEY (creator_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Coupons of creators and of the platform. The counters move only with the rows of coupon_uses, in the transaction of the order:
-- reserved by open orders, used by completed ones. The checks are the last word on quota and budget.
-- plan_ids and article_ids: empty = all in scope; article_ids null = no single sales.
-- revision counts changes of the terms: a reservation takes a place only while the terms are those it was reckoned with.
CREATE TABLE coupons (
  coupon_id                BIGINT      NOT NULL AUTO_INCREMENT,
  scope                    VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'who funds it, too',
  creator_id               BIGINT      NULL COMMENT 'null: platform',
  name                     VARCHAR(60) NOT NULL,
  discount_type            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  discount_value           BIGINT      NOT NULL COMMENT 'percent, fen or days, by type',
  max_discount_fen         BIGINT      NULL,
  min_amount_fen           BIGINT      NULL,
  plan_ids                 TEXT        NOT NULL COMMENT 'JSON array',
  article_ids              TEXT        NULL COMMENT 'JSON array',
  new_users_only           TINYINT     NOT NULL DEFAULT 0,
  for_renewal              TINYINT     NOT NULL DEFAULT 0,
  applies_to_cycles        TINYINT     NOT NULL DEFAULT 1,
  total_quantity           INT         NULL COMMENT 'null: unlimited',
  per_user_limit           TINYINT     NOT NULL DEFAULT 1,
  claimed_count            INT         NOT NULL DEFAULT 0,
  reserved_count           INT         NOT NULL DEFAULT 0,
  used_count               INT         NOT NULL DEFAULT 0,
  budget_fen               BIGINT      NULL COMMENT 'platform coupons; null: unlimited',
  reserved_fen             BIGINT      NOT NULL DEFAULT 0,
  spent_fen                BIGINT      NOT NULL DEFAULT 0,
  stackable_with_promotion TINYINT     NOT NULL DEFAULT 0,
  starts_at                DATETIME(3) NOT NULL,
  expires_at               DATETIME(3) NOT NULL,
  status                   VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'expired is read from expires_at',
  revision                 INT         NOT NULL DEFAULT 1,
  created_by               BIGINT      NOT NULL,
  idempotency_key          VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  request_hash             BINARY(32)  NULL,
  created_at               DATETIME(3) NOT NULL,
  updated_at               DATETIME(3) NOT NULL,
  PRIMARY KEY (coupon_id),
  UNIQUE KEY uk_coupons_idempotency (created_by, idempotency_key),
  KEY ix_coupons_creator (creator_id, created_at, coupon_id),
  CONSTRAINT ck_coupons_scope CHECK (scope IN ('creator', 'platform') AND (scope = 'creator') = (creator_id IS NOT NULL)),
  CONSTRAINT ck_coupons_discount CHECK (
    (discount_type = 'percentage' AND discount_value BETWEEN 1 AND 100)
    OR (discount_type = 'fixed_amount' AND discount_value BETWEEN 1 AND 9999999999)
    OR (discount_type = 'trial_days' AND discount_value BETWEEN 1 AND 30)),
  CONSTRAINT ck_coupons_cap CHECK (max_discount_fen IS NULL OR (discount_type = 'percentage' AND max_discount_fen > 0)),
  CONSTRAINT ck_coupons_min CHECK (min_amount_fen IS NULL OR min_amount_fen > 0),
  CONSTRAINT ck_coupons_items CHECK (JSON_VALID(plan_ids) AND (article_ids IS NULL OR JSON_VALID(article_ids))),
  CONSTRAINT ck_coupons_limits CHECK (applies_to_cycles BETWEEN 1 AND 12 AND per_user_limit BETWEEN 1 AND 10),
  CONSTRAINT ck_coupons_counts CHECK (claimed_count >= 0 AND reserved_count >= 0 AND used_count >= 0),
  CONSTRAINT ck_coupons_quota CHECK (total_quantity IS NULL OR (total_quantity >= 1 AND reserved_count + used_count <= total_quantity)),
  CONSTRAINT ck_coupons_budget CHECK (reserved_fen >= 0 AND spent_fen >= 0
    AND (budget_fen IS NULL OR (scope = 'platform' AND budget_fen >= 1 AND reserved_fen + spent_fen <= budget_fen))),
  CONSTRAINT ck_coupons_window CHECK (expires_at > starts_at),
  CONSTRAINT ck_coupons_status CHECK (status IN ('draft', 'active', 'paused', 'disabled')),
  CONSTRAINT ck_coupons_idempotency CHECK ((idempotency_key IS NULL) = (request_hash IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Every code that ever was, upper case: a code is never given to another coupon.
CREATE TABLE coupon_codes (
  code       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  coupon_id  BIGINT      NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (code),
  KEY ix_coupon_codes_coupon (coupon_id),
  CONSTRAINT fk_coupon_codes_coupon FOREIGN KEY (coupon_id) REFERENCES coupons (coupon_id),
  CONSTRAINT ck_coupon_codes CHECK (CHAR_LENGTH(code) >= 4)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Places a user holds or has used up of a coupon.
CREATE TABLE coupon_users (
  coupon_id BIGINT   NOT NULL,
  user_id   BIGINT   NOT NULL,
  taken     SMALLINT NOT NULL,
  PRIMARY KEY (coupon_id, user_id),
  CONSTRAINT fk_coupon_users_coupon FOREIGN KEY (coupon_id) REFERENCES coupons (coupon_id),
  CONSTRAINT ck_coupon_users CHECK (taken >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- One row per place an order took: reserved -> used when the order is paid, reserved -> released when it ends unpaid or is priced
-- anew, used -> returned when the system refunds it. live_order: an order holds one coupon at a time.
CREATE TABLE coupon_uses (
  use_id         BIGINT      NOT NULL AUTO_INCREMENT,
  order_id       VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  coupon_id      BIGINT      NOT NULL,
  user_id        BIGINT      NOT NULL,
  code           VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item_kind      VARCHAR(7)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item_id        BIGINT      NOT NULL,
  creator_id     BIGINT      NOT NULL COMMENT 'who sells the item',
  list_price_fen BIGINT      NOT NULL,
  discount_fen   BIGINT      NOT NULL COMMENT 'of one charge',
  budget_fen     BIGINT      NOT NULL DEFAULT 0 COMMENT 'taken from the budget: all charges the use covers',
  status         VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reserved_at    DATETIME(3) NOT NULL,
  used_at        DATETIME(3) NULL,
  ended_at       DATETIME(3) NULL COMMENT 'released or returned',
  live_order     VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
                 GENERATED ALWAYS AS (CASE WHEN status IN ('reserved', 'used') THEN order_id END) STORED,
  PRIMARY KEY (use_id),
  UNIQUE KEY uk_coupon_uses_live (live_order),
  KEY ix_coupon_uses_coupon (coupon_id, status, reserved_at),
  CONSTRAINT fk_coupon_uses_coupon FOREIGN KEY (coupon_id) REFERENCES coupons (coupon_id),
  CONSTRAINT ck_coupon_uses_item CHECK (item_kind IN ('plan', 'renewal', 'article')),
  CONSTRAINT ck_coupon_uses_money CHECK (list_price_fen >= 0 AND discount_fen BETWEEN 0 AND list_price_fen AND budget_fen >= 0),
  CONSTRAINT ck_coupon_uses_status CHECK (status IN ('reserved', 'used', 'released', 'returned')),
  CONSTRAINT ck_coupon_uses_times CHECK ((status IN ('used', 'returned')) = (used_at IS NOT NULL)
    AND (status IN ('released', 'returned')) = (ended_at IS NOT NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Wrong codes of a user within the last ten minutes, and until when he may try none.
CREATE TABLE coupon_attempts (
  user_id       BIGINT       NOT NULL,
  wrong_at      VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'JSON array of epoch milliseconds',
  blocked_until DATETIME(3)  NULL,
  updated_at    DATETIME(3)  NOT NULL,
  PRIMARY KEY (user_id),
  KEY ix_coupon_attempts_purge (updated_at),
  CONSTRAINT ck_coupon_attempts CHECK (JSON_VALID(wrong_at))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- What a creator earned, line by line: one row per payment (kind sale), per refund (kind refund, amounts below zero) and per refund
-- that was undone (kind reversal, amounts of the refund turned round). (kind, ref) is the event: written twice it is one line.
-- paid + platform discount = platform + creator share, in every row. pending and failed sales carry the amounts that the
-- completed one will have; they count nowhere. In refunds from_* says which balance the creator's part was taken from.
-- shown_type and shown_status are those of the entity Transaction, null for reversals, which no list shows.
CREATE TABLE earning_lines (
  line_id               BIGINT       NOT NULL AUTO_INCREMENT,
  public_id             VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'txn_ + 12',
  kind                  VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ref                   VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'event_ref of the journal',
  status                VARCHAR(9)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  creator_id            BIGINT       NOT NULL,
  payer_id              BIGINT       NULL COMMENT 'null: pseudonymised',
  anonymous             TINYINT      NOT NULL DEFAULT 0 COMMENT 'the creator may not know the payer',
  income                VARCHAR(12)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  purpose               VARCHAR(11)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id              VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id            VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'null: nothing was due',
  sale_line_id          BIGINT       NULL COMMENT 'the sale a refund or reversal belongs to',
  plan_id               BIGINT       NULL,
  plan_name             VARCHAR(200) NULL COMMENT 'name at the time',
  article_id            BIGINT       NULL,
  article_title         VARCHAR(200) NULL,
  payment_method        VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  paid_fen              BIGINT       NOT NULL COMMENT 'A; refunds -r',
  platform_discount_fen BIGINT       NOT NULL COMMENT 'Dp',
  platform_fen          BIGINT       NOT NULL COMMENT 'F + R',
  rest_fen              BIGINT       NOT NULL DEFAULT 0 COMMENT 'R, part of platform_fen; sales only',
  creator_share_fen     BIGINT       NOT NULL COMMENT 'S',
  refunded_fen          BIGINT       NOT NULL DEFAULT 0 COMMENT 'sales: sum of r that stands',
  from_pending_fen      BIGINT       NOT NULL DEFAULT 0,
  from_available_fen    BIGINT       NOT NULL DEFAULT 0,
  from_debt_fen         BIGINT       NOT NULL DEFAULT 0,
  rule_id               BIGINT       NULL COMMENT 'null: the built-in rule',
  platform_fee_rate     SMALLINT     NOT NULL COMMENT 'ten-thousandths',
  creator_share_rate    SMALLINT     NOT NULL COMMENT 'ten-thousandths',
  processed_at          DATETIME(3)  NOT NULL,
  hold_until            DATETIME(3)  NULL COMMENT 'sales',
  settlement_id         VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at            DATETIME(3)  NOT NULL,
  shown_type            VARCHAR(12)  CHARACTER SET ascii COLLATE ascii_bin
                        GENERATED ALWAYS AS (CASE kind WHEN 'sale' THEN income WHEN 'refund' THEN 'refund' END) STORED,
  shown_status          VARCHAR(9)   CHARACTER SET ascii COLLATE ascii_bin
                        GENERATED ALWAYS AS (CASE WHEN kind = 'reversal' THEN NULL
                          WHEN status = 'completed' AND paid_fen > 0 AND refunded_fen = paid_fen THEN 'refunded'
                          ELSE status END) STORED,
  PRIMARY KEY (line_id),
  UNIQUE KEY uk_earning_lines_public (public_id),
  UNIQUE KEY uk_earning_lines_event (kind, ref),
  KEY ix_earning_lines_list (creator_id, processed_at, line_id),
  KEY ix_earning_lines_type (creator_id, shown_type, processed_at, line_id),
  KEY ix_earning_lines_status (creator_id, shown_status, processed_at, line_id),
  KEY ix_earning_lines_payer (payer_id, creator_id),
  KEY ix_earning_lines_sale (sale_line_id),
  KEY ix_earning_lines_settlement (settlement_id, line_id),
  KEY ix_earning_lines_due (creator_id, settlement_id, hold_until),
  CONSTRAINT fk_earning_lines_sale FOREIGN KEY (sale_line_id) REFERENCES earning_lines (line_id),
  CONSTRAINT ck_earning_lines_kind CHECK (kind IN ('sale', 'refund', 'reversal') AND (kind = 'sale') = (sale_line_id IS NULL)),
  CONSTRAINT ck_earning_lines_status CHECK (status IN ('pending', 'completed', 'failed')),
  CONSTRAINT ck_earning_lines_income CHECK (income IN ('subscription', 'one_time', 'tip')),
  CONSTRAINT ck_earning_lines_purpose CHECK (purpose IN ('initial', 'renewal', 'plan_change', 'purchase', 'tip')),
  CONSTRAINT ck_earning_lines_balance CHECK (paid_fen + platform_discount_fen = platform_fen + creator_share_fen),
  CONSTRAINT ck_earning_lines_sign CHECK (
    (kind = 'refund' AND paid_fen < 0 AND platform_discount_fen <= 0 AND platform_fen <= 0 AND creator_share_fen <= 0)
    OR (kind <> 'refund' AND paid_fen >= 0 AND platform_discount_fen >= 0 AND platform_fen >= 0 AND creator_share_fen >= 0)),
  CONSTRAINT ck_earning_lines_from CHECK (from_pending_fen >= 0 AND from_available_fen >= 0 AND from_debt_fen >= 0
    AND from_pending_fen + from_available_fen + from_debt_fen = CASE kind WHEN 'refund' THEN -creator_share_fen ELSE 0 END),
  CONSTRAINT ck_earning_lines_refunded CHECK (refunded_fen = 0 OR (kind = 'sale' AND refunded_fen BETWEEN 0 AND paid_fen)),
  CONSTRAINT ck_earning_lines_hold CHECK ((kind = 'sale') = (hold_until IS NOT NULL)),
  CONSTRAINT ck_earning_lines_rates CHECK (platform_fee_rate BETWEEN 0 AND 10000 AND creator_share_rate BETWEEN 0 AND 10000
    AND rest_fen BETWEEN 0 AND 9999999999)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Sum of a creator's counting lines per day of Asia/Shanghai, moved with every line; net of refunds, so any of them may be below zero.
CREATE TABLE earning_days (
  creator_id       BIGINT NOT NULL,
  day              DATE   NOT NULL,
  subscription_fen BIGINT NOT NULL DEFAULT 0 COMMENT 'share base B by income',
  one_time_fen     BIGINT NOT NULL DEFAULT 0,
  tip_fen          BIGINT NOT NULL DEFAULT 0,
  platform_fen     BIGINT NOT NULL DEFAULT 0 COMMENT 'F + R',
  share_fen        BIGINT NOT NULL DEFAULT 0 COMMENT 'S',
  sale_count       INT    NOT NULL DEFAULT 0,
  refund_count     INT    NOT NULL DEFAULT 0,
  PRIMARY KEY (creator_id, day),
  CONSTRAINT ck_earning_days CHECK (subscription_fen + one_time_fen + tip_fen = platform_fen + share_fen
    AND sale_count >= 0 AND refund_count >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Subscribers as of a past moment, and those who began or cancelled within a period.
ALTER TABLE subscriptions
  ADD KEY ix_subscriptions_life (creator_id, activated_at, ended_at, access_until),
  ADD KEY ix_subscriptions_cancelled (creator_id, cancelled_at);
