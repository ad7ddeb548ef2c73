-- Owner of every table here: domain billing. Ids of articles belong to content, without foreign key.

-- What a subscriber opened past its preview on the strength of a paid subscription, while that still decides whether a refund needs
-- staff (refund_rules.automatic). opened_at: the last time; written before the text leaves, under the lock of the subscription.
CREATE TABLE subscription_openings (
  subscription_id BIGINT      NOT NULL,
  article_id      BIGINT      NOT NULL,
  opened_at       DATETIME(3) NOT NULL,
  PRIMARY KEY (subscription_id, article_id),
  CONSTRAINT fk_subscription_openings_subscription FOREIGN KEY (subscription_id) REFERENCES subscriptions (subscription_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- While the payer changes the method of a charge, the close that we asked the channel for ends the payment and not the charge.
ALTER TABLE payments
  ADD COLUMN replacing_until DATETIME(3) NULL COMMENT 'until then its payer may be given another payment of the same charge';

-- When the subscriber is next told of the end, or of the renewal, of what is paid; null: of nothing. It only ever moves on, in the
-- transaction of the notice, so that a notice is given once.
ALTER TABLE subscriptions
  ADD COLUMN next_reminder_at DATETIME(3) NULL,
  ADD KEY ix_subscriptions_reminders (next_reminder_at, subscription_id);

UPDATE subscriptions SET next_reminder_at = COALESCE(access_until, current_period_end) - INTERVAL 3 DAY
WHERE status IN ('trialing', 'active', 'cancelled') AND current_period_end IS NOT NULL;
