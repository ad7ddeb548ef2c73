-- Owner of every table here: domain billing. Money is fen.

-- What paid subscriptions keep beside V003: the coupon of the order, and what a plan change that waits for its payment was told.
-- coupon_order_id: order whose coupon the running charges go by; coupon_charges: how many of them it covered.
ALTER TABLE subscriptions
  ADD COLUMN promo_code         VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'coupon of the unpaid order',
  ADD COLUMN coupon_order_id    VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN coupon_charges     TINYINT     NOT NULL DEFAULT 0,
  ADD COLUMN pending_payment_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'an immediate change waits for it',
  ADD COLUMN pending_new_period TINYINT     NOT NULL DEFAULT 0 COMMENT 'a period starts with the change',
  ADD COLUMN pending_credit_fen BIGINT      NOT NULL DEFAULT 0 COMMENT 'given for unused time',
  ADD CONSTRAINT ck_subscriptions_change CHECK (
    (pending_payment_id IS NULL OR pending_timing = 'immediate') AND pending_credit_fen >= 0 AND coupon_charges >= 0);

-- base_payment_id: the initial or renewal payment whose money the period lives on; it differs from payment_id in a period that a
-- plan change opened.
ALTER TABLE subscription_periods
  ADD COLUMN base_payment_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD KEY ix_subscription_periods_payment (payment_id);

UPDATE subscription_periods SET base_payment_id = payment_id;

-- Immediate plan changes as applied, with what a refund of their charge restores. One payment applies one change.
CREATE TABLE subscription_changes (
  change_id         BIGINT      NOT NULL AUTO_INCREMENT,
  subscription_id   BIGINT      NOT NULL,
  payment_id        VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'null: nothing was due',
  base_payment_id   VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of the period it was made in',
  charged_fen       BIGINT      NOT NULL,
  plan_from         BIGINT      NOT NULL,
  plan_to           BIGINT      NOT NULL,
  price_from_fen    BIGINT      NOT NULL,
  cycle_from        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_from       VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  anchor_from       TINYINT     NULL,
  period_start_from DATETIME(3) NULL,
  period_end_from   DATETIME(3) NULL,
  new_period        TINYINT     NOT NULL,
  applied_at        DATETIME(3) NOT NULL,
  undone_at         DATETIME(3) NULL COMMENT 'its charge was refunded',
  PRIMARY KEY (change_id),
  UNIQUE KEY uk_subscription_changes_payment (payment_id),
  KEY ix_subscription_changes_subscription (subscription_id, change_id),
  CONSTRAINT fk_subscription_changes_subscription FOREIGN KEY (subscription_id) REFERENCES subscriptions (subscription_id),
  CONSTRAINT ck_subscription_changes_money CHECK (charged_fen >= 0 AND price_from_fen >= 0
    AND (payment_id IS NULL) = (charged_fen = 0)),
  CONSTRAINT ck_subscription_changes_plans CHECK (plan_from <> plan_to)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
