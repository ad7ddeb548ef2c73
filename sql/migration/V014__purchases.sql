-- Owner of purchases: domain billing (package billing.purchases). Money is fen. Ids of users, creators and articles belong to other
-- domains, without foreign key. The article's fields are a snapshot of the order.

-- live_key: one live purchase per reader and article. opened_at: first time the text was handed out past its preview on the strength
-- of the purchase; written before the text leaves, so that a refund for "never opened" cannot race with reading.
-- next_transition_at: when the job looks at the row: the end of an unpaid order, the end of bought access.
CREATE TABLE purchases (
  purchase_id           BIGINT       NOT NULL AUTO_INCREMENT,
  public_id             VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'pur_ + 12',
  user_id               BIGINT       NOT NULL,
  creator_id            BIGINT       NOT NULL,
  article_id            BIGINT       NOT NULL,
  article_title         VARCHAR(200) NOT NULL,
  content_type          VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  cover_image           VARCHAR(500) NULL,
  access_days           INT          NOT NULL COMMENT '0: for good',
  list_fen              BIGINT       NOT NULL COMMENT 'P',
  coupon_fen            BIGINT       NOT NULL DEFAULT 0,
  platform_discount_fen BIGINT       NOT NULL DEFAULT 0 COMMENT 'Dp',
  amount_fen            BIGINT       NOT NULL COMMENT 'A',
  coupon_code           VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  status                VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  unpaid_until          DATETIME(3)  NOT NULL COMMENT 'until when it may be paid',
  purchased_at          DATETIME(3)  NULL,
  access_expires_at     DATETIME(3)  NULL COMMENT 'null: for good',
  opened_at             DATETIME(3)  NULL,
  next_transition_at    DATETIME(3)  NULL,
  idempotency_key       VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  request_hash          BINARY(32)   NULL,
  created_at            DATETIME(3)  NOT NULL,
  updated_at            DATETIME(3)  NOT NULL,
  live_key              TINYINT      GENERATED ALWAYS AS (CASE WHEN status IN ('pending_payment', 'active') THEN 1 END) STORED,
  PRIMARY KEY (purchase_id),
  UNIQUE KEY uk_purchases_public_id (public_id),
  UNIQUE KEY uk_purchases_live (user_id, article_id, live_key),
  UNIQUE KEY uk_purchases_idempotency (user_id, idempotency_key),
  KEY ix_purchases_article (article_id, live_key),
  KEY ix_purchases_due (next_transition_at, purchase_id),
  CONSTRAINT ck_purchases_status CHECK (status IN ('pending_payment', 'active', 'expired', 'refunded', 'closed')),
  CONSTRAINT ck_purchases_price CHECK (list_fen BETWEEN 1 AND 1000000 AND coupon_fen >= 0
    AND amount_fen >= 0 AND amount_fen = list_fen - coupon_fen AND platform_discount_fen BETWEEN 0 AND coupon_fen),
  CONSTRAINT ck_purchases_coupon CHECK (coupon_fen = 0 OR coupon_code IS NOT NULL),
  CONSTRAINT ck_purchases_access CHECK (access_days >= 0 AND (purchased_at IS NOT NULL OR access_expires_at IS NULL)
    AND (purchased_at IS NULL OR (access_days = 0) = (access_expires_at IS NULL))),
  CONSTRAINT ck_purchases_paid CHECK ((status IN ('active', 'expired', 'refunded')) = (purchased_at IS NOT NULL)),
  CONSTRAINT ck_purchases_pending CHECK (status <> 'pending_payment' OR (amount_fen > 0 AND next_transition_at IS NOT NULL)),
  CONSTRAINT ck_purchases_over CHECK (status IN ('pending_payment', 'active') OR next_transition_at IS NULL),
  CONSTRAINT ck_purchases_idempotency CHECK ((idempotency_key IS NULL) = (request_hash IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Owner: domain content. access_duration of the article's view rule.
ALTER TABLE articles
  ADD COLUMN access_days INT NOT NULL DEFAULT 0 COMMENT 'how long a purchase lasts; 0: for good',
  ADD CONSTRAINT ck_articles_access_days CHECK (access_days >= 0);
