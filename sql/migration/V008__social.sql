-- Owner: social. Private messages: conversations of two users, messages sealed at rest, one event log per user.
-- Lock order of every transaction: the conversation, then message_counters of both users, lower user id first.

-- One row per pair. head_seq is the conv_seq of the newest message; data_key seals the texts and is itself sealed by the
-- master key.
CREATE TABLE conversations (
  conversation_id BIGINT         NOT NULL AUTO_INCREMENT,
  low_user_id     BIGINT         NOT NULL,
  high_user_id    BIGINT         NOT NULL,
  head_seq        BIGINT         NOT NULL DEFAULT 0,
  last_message_id BIGINT         NULL,
  last_message_at DATETIME(3)    NULL,
  data_key        VARBINARY(120) NOT NULL,
  opened_by       BIGINT         NULL COMMENT 'who opened it before the first message; null = a message made it',
  created_at      DATETIME(3)    NOT NULL,
  PRIMARY KEY (conversation_id),
  UNIQUE KEY uk_conversations_pair (low_user_id, high_user_id),
  KEY ix_conversations_opened (opened_by, created_at),
  CONSTRAINT ck_conversations_pair CHECK (low_user_id < high_user_id),
  CONSTRAINT ck_conversations_head CHECK (head_seq >= 0 AND (head_seq = 0) = (last_message_id IS NULL)
    AND (head_seq = 0) = (last_message_at IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- A participant's view. read_seq only grows (conditional updates); receipt_seq is as much of it as the peer may know.
CREATE TABLE conversation_members (
  conversation_id BIGINT      NOT NULL,
  user_id         BIGINT      NOT NULL,
  peer_id         BIGINT      NOT NULL,
  state           VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  visible         TINYINT     NOT NULL DEFAULT 0 COMMENT 'in the lists of this user',
  written         INT         NOT NULL DEFAULT 0 COMMENT 'messages this user wrote here',
  read_seq        BIGINT      NOT NULL DEFAULT 0,
  receipt_seq     BIGINT      NOT NULL DEFAULT 0,
  delivered_seq   BIGINT      NOT NULL DEFAULT 0,
  removed_seq     BIGINT      NOT NULL DEFAULT 0 COMMENT 'messages up to here are gone from this view',
  unread_count    INT         NOT NULL DEFAULT 0 COMMENT 'of the peer, not recalled, above read_seq',
  is_muted        TINYINT     NOT NULL DEFAULT 0,
  is_archived     TINYINT     NOT NULL DEFAULT 0,
  pinned_at       DATETIME(3) NULL,
  listed_at       DATETIME(3) NOT NULL COMMENT 'last message, else creation',
  box             VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin
                  GENERATED ALWAYS AS (CASE WHEN visible = 0 THEN NULL WHEN state = 'request' THEN 'requests'
                    WHEN is_archived = 1 THEN 'archived' ELSE 'inbox' END) STORED,
  PRIMARY KEY (conversation_id, user_id),
  KEY ix_conversation_members_list (user_id, box, pinned_at, listed_at, conversation_id),
  KEY ix_conversation_members_unread (user_id, unread_count, box, is_muted),
  CONSTRAINT ck_conversation_members_state CHECK (state IN ('active', 'request')),
  CONSTRAINT ck_conversation_members_marks CHECK (receipt_seq >= 0 AND receipt_seq <= read_seq AND delivered_seq >= 0),
  CONSTRAINT ck_conversation_members_counts CHECK (unread_count >= 0 AND written >= 0),
  CONSTRAINT ck_conversation_members_self CHECK (user_id <> peer_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- content is sealed with the conversation's key and emptied 30 days after a recall. request_key is a keyed hash of what a
-- repeated client_msg_id must equal, text_key one of the normalised text for the test of copies.
CREATE TABLE messages (
  message_id          BIGINT          NOT NULL AUTO_INCREMENT,
  conversation_id     BIGINT          NOT NULL,
  conv_seq            BIGINT          NOT NULL,
  sender_id           BIGINT          NOT NULL,
  receiver_id         BIGINT          NOT NULL,
  client_msg_id       CHAR(36)        CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message_type        VARCHAR(8)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content             VARBINARY(8200) NULL,
  request_key         BINARY(32)      NOT NULL,
  text_key            BINARY(32)      NULL,
  reply_to_message_id BIGINT          NULL,
  sender_event_seq    BIGINT          NOT NULL COMMENT 'of message.new in the log of the sender',
  created_at          DATETIME(3)     NOT NULL,
  delivered_at        DATETIME(3)     NULL,
  read_at             DATETIME(3)     NULL COMMENT 'only when the sender may know',
  recalled_at         DATETIME(3)     NULL,
  PRIMARY KEY (message_id),
  UNIQUE KEY uk_messages_client (sender_id, client_msg_id),
  UNIQUE KEY uk_messages_seq (conversation_id, conv_seq),
  KEY ix_messages_sender (sender_id, created_at),
  KEY ix_messages_copies (sender_id, text_key, created_at),
  KEY ix_messages_recalled (recalled_at),
  CONSTRAINT ck_messages_type CHECK (message_type IN ('text', 'image', 'file', 'system')),
  CONSTRAINT ck_messages_seq CHECK (conv_seq >= 1 AND sender_event_seq >= 1),
  CONSTRAINT ck_messages_read CHECK (read_at IS NULL OR delivered_at IS NOT NULL)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- The event log of a user: types and ids only, what they mean now is read from the rows. No text is ever here.
CREATE TABLE message_events (
  user_id         BIGINT      NOT NULL,
  seq             BIGINT      NOT NULL,
  event_type      VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  conversation_id BIGINT      NULL,
  message_id      BIGINT      NULL,
  actor_id        BIGINT      NULL COMMENT 'who received or read, who is blocked',
  kind            VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'delivered, read; blocked, unblocked',
  up_to_seq       BIGINT      NULL,
  created_at      DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id, seq),
  KEY ix_message_events_purge (created_at),
  CONSTRAINT ck_message_events_seq CHECK (seq >= 1)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- One row per user, locked by whoever writes events for him: numbers given in a transaction that rolls back come back.
-- The bucket of the message limit stands here too, so both doors and all nodes share it.
CREATE TABLE message_counters (
  user_id      BIGINT      NOT NULL,
  head_seq     BIGINT      NOT NULL DEFAULT 0,
  oldest_seq   BIGINT      NOT NULL DEFAULT 1 COMMENT 'oldest event held; head_seq + 1 = none',
  acked_seq    BIGINT      NOT NULL DEFAULT 0 COMMENT 'highest event a device has stored',
  tokens_milli BIGINT      NOT NULL COMMENT 'thousandths of a message',
  refilled_at  DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id),
  CONSTRAINT ck_message_counters_log CHECK (head_seq >= 0 AND oldest_seq >= 1 AND oldest_seq <= head_seq + 1),
  CONSTRAINT ck_message_counters_acked CHECK (acked_seq >= 0 AND acked_seq <= head_seq),
  CONSTRAINT ck_message_counters_tokens CHECK (tokens_milli >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- How far each device has stored the log.
CREATE TABLE message_devices (
  user_id    BIGINT      NOT NULL,
  device_id  VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  acked_seq  BIGINT      NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id, device_id),
  KEY ix_message_devices_purge (updated_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- A missing row means the defaults.
CREATE TABLE message_settings (
  user_id               BIGINT      NOT NULL,
  who_can_message       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'everyone',
  read_receipts_enabled TINYINT     NOT NULL DEFAULT 1,
  typing_enabled        TINYINT     NOT NULL DEFAULT 1,
  filter_keywords       TEXT        NULL COMMENT 'JSON array of texts',
  auto_archive_days     SMALLINT    NULL,
  updated_at            DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id),
  KEY ix_message_settings_archive (auto_archive_days, user_id),
  CONSTRAINT ck_message_settings_keywords CHECK (filter_keywords IS NULL OR JSON_VALID(filter_keywords)),
  CONSTRAINT ck_message_settings_archive CHECK (auto_archive_days BETWEEN 7 AND 365),
  CONSTRAINT ck_message_settings_who CHECK (who_can_message IN ('everyone', 'followers', 'followed', 'mutual', 'nobody'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
