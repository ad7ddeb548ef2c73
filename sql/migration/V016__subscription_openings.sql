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
