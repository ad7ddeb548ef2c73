-- Owner of every table here: domain analytics (notifications).

-- One row per notification and reader. Actions of the same kind grow an unread row instead of repeating: the writer looks for
-- the open row of its merge_key; when the merge window of that row is over it sets merge_key to null there and inserts anew.
-- source_event_id: the outbox event that made the row, so that an event applied twice adds nothing; null for rows that merge,
-- whose event is counted in the transaction that ends its job.
-- event_name is guarded by the enum of the contract, the catalogue grows.
CREATE TABLE notifications (
  notification_id  BIGINT       NOT NULL AUTO_INCREMENT,
  user_id          BIGINT       NOT NULL,
  type             VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_name       VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  priority         VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'normal',
  source_event_id  BIGINT       NULL,
  merge_key        VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'null: never merges',
  merge_until      DATETIME(3)  NULL COMMENT 'null with a merge_key: merges as long as unread',
  title            VARCHAR(100) NOT NULL,
  content          VARCHAR(500) NOT NULL,
  action_url       VARCHAR(300) NULL,
  metadata         TEXT         NOT NULL COMMENT 'JSON object: actors, article_id, …',
  action_count     INT          NOT NULL DEFAULT 1,
  is_read          TINYINT      NOT NULL DEFAULT 0,
  first_created_at DATETIME(3)  NOT NULL,
  created_at       DATETIME(3)  NOT NULL COMMENT 'of the newest merged action',
  read_at          DATETIME(3)  NULL,
  deleted_at       DATETIME(3)  NULL,
  open_merge_key   VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin
                   GENERATED ALWAYS AS (CASE WHEN is_read = 0 AND deleted_at IS NULL THEN merge_key END) STORED,
  PRIMARY KEY (notification_id),
  UNIQUE KEY uk_notifications_open_merge (user_id, open_merge_key),
  UNIQUE KEY uk_notifications_source (user_id, source_event_id),
  KEY ix_notifications_list (user_id, deleted_at, created_at, notification_id),
  KEY ix_notifications_unread (user_id, deleted_at, is_read, created_at, notification_id),
  KEY ix_notifications_type (user_id, deleted_at, type, created_at, notification_id),
  KEY ix_notifications_unread_type (user_id, deleted_at, is_read, type, created_at, notification_id),
  KEY ix_notifications_purge (is_read, created_at),
  CONSTRAINT ck_notifications_type CHECK (type IN ('system', 'content', 'social', 'payment')),
  CONSTRAINT ck_notifications_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  CONSTRAINT ck_notifications_count CHECK (action_count >= 1),
  CONSTRAINT ck_notifications_read CHECK ((is_read = 0) = (read_at IS NULL)),
  CONSTRAINT ck_notifications_metadata CHECK (JSON_VALID(metadata))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
