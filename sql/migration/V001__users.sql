-- Owner of every table here: domain users.
-- Conventions of all migrations: ids BIGINT AUTO_INCREMENT, times DATETIME(3) in UTC, money BIGINT fen, JSON documents as
-- text guarded by JSON_VALID, literals as VARCHAR + CHECK, foreign keys only inside one domain. Text that people read is
-- utf8mb4_0900_ai_ci; keys that must match exactly are ascii_bin, or utf8mb4_0900_bin where they may hold any letter.

CREATE TABLE users (
  user_id             BIGINT       NOT NULL AUTO_INCREMENT,
  status              VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'active',
  user_type           VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  username            VARCHAR(30)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as typed; deleted_<id> after erasure',
  username_key        VARCHAR(30)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'lower case',
  email               VARCHAR(254) NULL,
  email_key           VARCHAR(254) COLLATE utf8mb4_0900_bin NULL COMMENT 'lower case, NFC',
  phone_cipher        VARBINARY(255) NULL COMMENT 'key id, nonce, AES-256-GCM of the E.164 number',
  phone_index         BINARY(32)   NULL COMMENT 'HMAC-SHA256 blind index of the E.164 number',
  password_hash       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'null: no password login',
  password_changed_at DATETIME(3)  NULL,
  email_verified      TINYINT      NOT NULL DEFAULT 0,
  phone_verified      TINYINT      NOT NULL DEFAULT 0,
  is_verified         TINYINT      NOT NULL DEFAULT 0 COMMENT 'certified creator',
  kyc_level           TINYINT      NOT NULL DEFAULT 0,
  content_hidden      TINYINT      NOT NULL DEFAULT 0 COMMENT 'ban that also hides everything the account wrote',
  failed_logins       INT          NOT NULL DEFAULT 0 COMMENT 'consecutive; a success clears it',
  locked_until        DATETIME(3)  NULL,
  banned_until        DATETIME(3)  NULL COMMENT 'null while banned: for good',
  ban_reason          VARCHAR(500) NULL,
  deletion_due_at     DATETIME(3)  NULL COMMENT 'end of the cooling-off period, only while pending_deletion',
  last_login_at       DATETIME(3)  NULL,
  last_login_ip       VARCHAR(45)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at          DATETIME(3)  NOT NULL,
  updated_at          DATETIME(3)  NOT NULL,
  deleted_at          DATETIME(3)  NULL,
  PRIMARY KEY (user_id),
  UNIQUE KEY uk_users_username (username_key),
  UNIQUE KEY uk_users_email (email_key),
  UNIQUE KEY uk_users_phone (phone_index),
  KEY ix_users_ban_expiry (status, banned_until),
  CONSTRAINT ck_users_status CHECK (status IN ('active', 'deactivated', 'banned', 'pending_deletion', 'deleted')),
  CONSTRAINT ck_users_type CHECK (user_type IN ('reader', 'creator')),
  CONSTRAINT ck_users_kyc CHECK (kyc_level BETWEEN 0 AND 4),
  CONSTRAINT ck_users_email CHECK ((email IS NULL) = (email_key IS NULL)),
  CONSTRAINT ck_users_phone CHECK ((phone_cipher IS NULL) = (phone_index IS NULL)),
  CONSTRAINT ck_users_failed CHECK (failed_logins >= 0),
  CONSTRAINT ck_users_deletion CHECK ((deletion_due_at IS NOT NULL) = (status = 'pending_deletion'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE user_profiles (
  user_id                  BIGINT       NOT NULL,
  display_name             VARCHAR(50)  NULL,
  bio                      VARCHAR(500) NULL,
  avatar_url               VARCHAR(500) NULL,
  cover_image_url          VARCHAR(500) NULL,
  location                 VARCHAR(100) NULL,
  website                  VARCHAR(255) NULL,
  social_twitter           VARCHAR(50)  NULL,
  social_github            VARCHAR(50)  NULL,
  social_linkedin          VARCHAR(100) NULL,
  subscription_description VARCHAR(500) NULL COMMENT 'the prices are billing''s, the text is the profile''s',
  updated_at               DATETIME(3)  NOT NULL,
  PRIMARY KEY (user_id),
  CONSTRAINT fk_user_profiles_user FOREIGN KEY (user_id) REFERENCES users (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE user_privacy (
  user_id                      BIGINT      NOT NULL,
  profile_visibility           VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'public',
  show_location                TINYINT     NOT NULL DEFAULT 1,
  show_social_links            TINYINT     NOT NULL DEFAULT 1,
  show_following_list          TINYINT     NOT NULL DEFAULT 1,
  show_followers_list          TINYINT     NOT NULL DEFAULT 1,
  show_subscriptions           TINYINT     NOT NULL DEFAULT 0,
  show_activity                TINYINT     NOT NULL DEFAULT 1,
  searchable                   TINYINT     NOT NULL DEFAULT 1,
  discoverable_by_contact      TINYINT     NOT NULL DEFAULT 0,
  allow_mentions_from          VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'everyone',
  personalized_recommendations TINYINT     NOT NULL DEFAULT 1,
  marketing_consent            TINYINT     NOT NULL DEFAULT 0,
  analytics_consent            TINYINT     NOT NULL DEFAULT 1,
  updated_at                   DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id),
  CONSTRAINT fk_user_privacy_user FOREIGN KEY (user_id) REFERENCES users (user_id),
  CONSTRAINT ck_user_privacy_visibility CHECK (profile_visibility IN ('public', 'followers', 'private')),
  CONSTRAINT ck_user_privacy_mentions CHECK (allow_mentions_from IN ('everyone', 'followers', 'followed', 'mutual', 'nobody'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Reading preferences and the security options of the account.
CREATE TABLE user_preferences (
  user_id           BIGINT      NOT NULL,
  theme             VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'system',
  language          VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'zh-CN',
  timezone          VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'Asia/Shanghai',
  font_size         VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'medium',
  interests         VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '[]' COMMENT 'JSON array of at most 20 category ids',
  default_feed      VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'recommended',
  login_alerts      TINYINT     NOT NULL DEFAULT 1,
  verify_new_device TINYINT     NOT NULL DEFAULT 0,
  withdrawal_alerts TINYINT     NOT NULL DEFAULT 1,
  updated_at        DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id),
  CONSTRAINT fk_user_preferences_user FOREIGN KEY (user_id) REFERENCES users (user_id),
  CONSTRAINT ck_user_preferences_theme CHECK (theme IN ('light', 'dark', 'system')),
  CONSTRAINT ck_user_preferences_font CHECK (font_size IN ('small', 'medium', 'large')),
  CONSTRAINT ck_user_preferences_feed CHECK (default_feed IN ('recommended', 'following')),
  CONSTRAINT ck_user_preferences_interests CHECK (JSON_VALID(interests))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Evidence of consent: append-only.
CREATE TABLE user_terms (
  user_id       BIGINT      NOT NULL,
  terms_version VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  accepted_at   DATETIME(3) NOT NULL,
  ip            VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (user_id, terms_version),
  CONSTRAINT fk_user_terms_user FOREIGN KEY (user_id) REFERENCES users (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- The last five hashes may not be reused.
CREATE TABLE password_history (
  password_history_id BIGINT       NOT NULL AUTO_INCREMENT,
  user_id             BIGINT       NOT NULL,
  password_hash       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at          DATETIME(3)  NOT NULL,
  PRIMARY KEY (password_history_id),
  KEY ix_password_history_user (user_id, password_history_id),
  CONSTRAINT fk_password_history_user FOREIGN KEY (user_id) REFERENCES users (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- One-time links sent by mail. Only the SHA-256 of a token is kept; used_at stays so that a link opened twice is recognised.
CREATE TABLE account_tokens (
  token_hash BINARY(32)   NOT NULL,
  user_id    BIGINT       NOT NULL,
  purpose    VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  email_key  VARCHAR(254) COLLATE utf8mb4_0900_bin NULL COMMENT 'the address the token is bound to',
  created_at DATETIME(3)  NOT NULL,
  expires_at DATETIME(3)  NOT NULL,
  used_at    DATETIME(3)  NULL,
  PRIMARY KEY (token_hash),
  KEY ix_account_tokens_user (user_id, purpose),
  KEY ix_account_tokens_purge (expires_at),
  CONSTRAINT fk_account_tokens_user FOREIGN KEY (user_id) REFERENCES users (user_id),
  CONSTRAINT ck_account_tokens_purpose CHECK (purpose IN ('verify_email'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- refresh_hash is the SHA-256 of the one refresh token that works now; rotation is a compare-and-set on it.
CREATE TABLE sessions (
  session_id          VARCHAR(28)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id             BIGINT       NOT NULL,
  refresh_hash        BINARY(32)   NOT NULL,
  device_id           VARCHAR(64)  NULL,
  device_name         VARCHAR(100) NULL,
  platform            VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'other',
  app_version         VARCHAR(32)  NULL,
  user_agent          VARCHAR(500) NULL,
  ip                  VARCHAR(45)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  location            VARCHAR(100) NULL,
  login_method        VARCHAR(12)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  remember_me         TINYINT      NOT NULL DEFAULT 0,
  created_at          DATETIME(3)  NOT NULL,
  last_active_at      DATETIME(3)  NOT NULL COMMENT 'written at most once a minute',
  expires_at          DATETIME(3)  NOT NULL COMMENT 'sliding',
  absolute_expires_at DATETIME(3)  NOT NULL COMMENT '30 or 180 days after login; no refresh goes beyond',
  revoked_at          DATETIME(3)  NULL,
  revoke_reason       VARCHAR(30)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (session_id),
  UNIQUE KEY uk_sessions_refresh (refresh_hash),
  KEY ix_sessions_user_live (user_id, revoked_at, last_active_at),
  KEY ix_sessions_user_device (user_id, device_id),
  KEY ix_sessions_revoked (revoked_at),
  KEY ix_sessions_purge (absolute_expires_at),
  CONSTRAINT fk_sessions_user FOREIGN KEY (user_id) REFERENCES users (user_id),
  CONSTRAINT ck_sessions_platform CHECK (platform IN ('web', 'ios', 'android', 'other')),
  CONSTRAINT ck_sessions_method CHECK (login_method IN ('password', 'sms_code', 'wechat', 'google', 'github', 'qq', 'weibo')),
  CONSTRAINT ck_sessions_expiry CHECK (expires_at <= absolute_expires_at),
  CONSTRAINT ck_sessions_revoked CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Consumed refresh tokens: seeing one again is reuse. Only consumed ones are here; the working one is sessions.refresh_hash.
CREATE TABLE refresh_tokens (
  token_hash  BINARY(32)  NOT NULL,
  session_id  VARCHAR(28) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  consumed_at DATETIME(3) NOT NULL,
  expires_at  DATETIME(3) NOT NULL,
  PRIMARY KEY (token_hash),
  KEY ix_refresh_tokens_session (session_id),
  KEY ix_refresh_tokens_purge (expires_at),
  CONSTRAINT fk_refresh_tokens_session FOREIGN KEY (session_id) REFERENCES sessions (session_id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Lock counter of identifiers that match no account, so that the answer is the same as for known ones.
CREATE TABLE login_attempts (
  identifier_hash BINARY(32)  NOT NULL COMMENT 'HMAC-SHA256 of the normalised identifier',
  failed_count    INT         NOT NULL,
  locked_until    DATETIME(3) NULL,
  last_failed_at  DATETIME(3) NOT NULL,
  PRIMARY KEY (identifier_hash),
  KEY ix_login_attempts_purge (last_failed_at),
  CONSTRAINT ck_login_attempts_count CHECK (failed_count >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Append-only, kept at least six months, survives the account: no foreign key. The literals of event_type grow with the
-- modules, so the enum of the contract guards them and no CHECK does.
CREATE TABLE security_events (
  security_event_id BIGINT       NOT NULL AUTO_INCREMENT,
  user_id           BIGINT       NULL COMMENT 'null: identifier matched no account',
  event_type        VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  success           TINYINT      NOT NULL,
  session_id        VARCHAR(28)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  ip                VARCHAR(45)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  location          VARCHAR(100) NULL,
  device_id         VARCHAR(64)  NULL,
  device_name       VARCHAR(100) NULL,
  user_agent        VARCHAR(500) NULL,
  request_id        VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  details           TEXT         NULL COMMENT 'JSON object, never a secret',
  created_at        DATETIME(3)  NOT NULL,
  PRIMARY KEY (security_event_id),
  KEY ix_security_events_user (user_id, security_event_id),
  KEY ix_security_events_purge (created_at),
  CONSTRAINT ck_security_events_details CHECK (details IS NULL OR JSON_VALID(details))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE roles (
  role         VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  display_name VARCHAR(50)  NOT NULL,
  builtin      TINYINT      NOT NULL DEFAULT 0,
  PRIMARY KEY (role)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE role_permissions (
  role       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  permission VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT '* = every permission',
  PRIMARY KEY (role, permission),
  CONSTRAINT fk_role_permissions_role FOREIGN KEY (role) REFERENCES roles (role)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Staff roles only; the roles user and creator are implicit in users.user_type.
CREATE TABLE user_roles (
  user_id    BIGINT      NOT NULL,
  role       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  granted_by BIGINT      NULL COMMENT 'null: the system',
  granted_at DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id, role),
  KEY ix_user_roles_role (role, user_id),
  CONSTRAINT fk_user_roles_user FOREIGN KEY (user_id) REFERENCES users (user_id),
  CONSTRAINT fk_user_roles_role FOREIGN KEY (role) REFERENCES roles (role)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE user_blocks (
  user_block_id BIGINT       NOT NULL AUTO_INCREMENT,
  blocker_id    BIGINT       NOT NULL,
  blocked_id    BIGINT       NOT NULL,
  reason        VARCHAR(200) NULL,
  created_at    DATETIME(3)  NOT NULL,
  PRIMARY KEY (user_block_id),
  UNIQUE KEY uk_user_blocks_edge (blocker_id, blocked_id),
  KEY ix_user_blocks_blocked (blocked_id, user_block_id),
  CONSTRAINT fk_user_blocks_blocker FOREIGN KEY (blocker_id) REFERENCES users (user_id),
  CONSTRAINT fk_user_blocks_blocked FOREIGN KEY (blocked_id) REFERENCES users (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE follows (
  follow_id            BIGINT      NOT NULL AUTO_INCREMENT,
  follower_id          BIGINT      NOT NULL,
  following_id         BIGINT      NOT NULL,
  notification_enabled TINYINT     NOT NULL DEFAULT 1,
  created_at           DATETIME(3) NOT NULL,
  PRIMARY KEY (follow_id),
  UNIQUE KEY uk_follows_edge (follower_id, following_id),
  KEY ix_follows_following (following_id, follow_id),
  CONSTRAINT fk_follows_follower FOREIGN KEY (follower_id) REFERENCES users (user_id),
  CONSTRAINT fk_follows_following FOREIGN KEY (following_id) REFERENCES users (user_id),
  CONSTRAINT ck_follows_self CHECK (follower_id <> following_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Numbers of edges in follows, kept in the transaction that changes an edge.
CREATE TABLE user_counts (
  user_id   BIGINT NOT NULL,
  followers BIGINT NOT NULL DEFAULT 0,
  following BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (user_id),
  CONSTRAINT fk_user_counts_user FOREIGN KEY (user_id) REFERENCES users (user_id),
  CONSTRAINT ck_user_counts CHECK (followers >= 0 AND following >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Outgoing mail, queued in the transaction that causes it. The payload may hold a one-time link, therefore it is
-- overwritten with {} when the mail is sent or dead.
CREATE TABLE mails (
  mail_id         BIGINT       NOT NULL AUTO_INCREMENT,
  user_id         BIGINT       NULL,
  to_address      VARCHAR(254) NOT NULL,
  template        VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload         TEXT         NOT NULL,
  status          VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'queued',
  attempts        INT          NOT NULL DEFAULT 0,
  next_attempt_at DATETIME(3)  NOT NULL COMMENT 'also the lease: a claim moves it ahead',
  last_error      VARCHAR(500) NULL,
  created_at      DATETIME(3)  NOT NULL,
  sent_at         DATETIME(3)  NULL,
  PRIMARY KEY (mail_id),
  KEY ix_mails_claim (status, next_attempt_at, mail_id),
  CONSTRAINT fk_mails_user FOREIGN KEY (user_id) REFERENCES users (user_id),
  CONSTRAINT ck_mails_status CHECK (status IN ('queued', 'sent', 'dead')),
  CONSTRAINT ck_mails_attempts CHECK (attempts >= 0),
  CONSTRAINT ck_mails_payload CHECK (JSON_VALID(payload))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Reference data, not demo data: the built-in staff roles and what they may do.
INSERT INTO roles (role, display_name, builtin) VALUES
  ('super_admin', '超级管理员', 1),
  ('admin', '管理员', 1),
  ('moderator', '审核员', 1),
  ('finance', '财务', 1),
  ('support', '客服', 1);

INSERT INTO role_permissions (role, permission) VALUES
  ('super_admin', '*'),
  ('admin', 'analytics:platform_data'),
  ('admin', 'announcement:manage'),
  ('admin', 'appeal:decide'),
  ('admin', 'audit:read'),
  ('admin', 'complaint:manage'),
  ('admin', 'complaint:process'),
  ('admin', 'content:feature'),
  ('admin', 'content:manage'),
  ('admin', 'content:read'),
  ('admin', 'coupon:manage'),
  ('admin', 'creator:review'),
  ('admin', 'dashboard:read'),
  ('admin', 'finance:read'),
  ('admin', 'identity:reveal'),
  ('admin', 'identity:review'),
  ('admin', 'log:read'),
  ('admin', 'moderation:manage'),
  ('admin', 'moderation:review'),
  ('admin', 'monitoring:manage'),
  ('admin', 'monitoring:read'),
  ('admin', 'notification:broadcast'),
  ('admin', 'promotion:manage'),
  ('admin', 'report:manage'),
  ('admin', 'report:process'),
  ('admin', 'report_ops:manage'),
  ('admin', 'risk:manage'),
  ('admin', 'risk:read'),
  ('admin', 'security:manage'),
  ('admin', 'settings:read'),
  ('admin', 'user:ban'),
  ('admin', 'user:manage'),
  ('admin', 'user:read'),
  ('admin', 'user:sanction'),
  ('admin', 'user:security'),
  ('moderator', 'content:read'),
  ('moderator', 'dashboard:read'),
  ('moderator', 'moderation:review'),
  ('moderator', 'report:process'),
  ('moderator', 'user:read'),
  ('moderator', 'user:sanction'),
  ('finance', 'analytics:platform_data'),
  ('finance', 'dashboard:read'),
  ('finance', 'finance:read'),
  ('finance', 'invoice:manage'),
  ('finance', 'ledger:adjust'),
  ('finance', 'payment:manage'),
  ('finance', 'reconciliation:manage'),
  ('finance', 'refund:manage'),
  ('finance', 'report_ops:manage'),
  ('finance', 'risk:read'),
  ('finance', 'settlement:manage'),
  ('finance', 'tax:review'),
  ('finance', 'user:read'),
  ('finance', 'withdrawal:review'),
  ('support', 'complaint:process'),
  ('support', 'content:read'),
  ('support', 'dashboard:read'),
  ('support', 'report:process'),
  ('support', 'user:read'),
  ('support', 'user:security');
