-- Owner of every table here: platform. When the domains get databases of their own, each of them gets a copy of these tables,
-- because outbox, inbox and jobs must commit together with the rows that cause them.

-- Events, written in the transaction that causes them, delivered at least once by the relay. dead_at is set when attempts are used up.
CREATE TABLE outbox (
  event_id        BIGINT       NOT NULL AUTO_INCREMENT,
  topic           VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload         MEDIUMTEXT   NOT NULL,
  created_at      DATETIME(3)  NOT NULL,
  attempts        INT          NOT NULL DEFAULT 0,
  next_attempt_at DATETIME(3)  NOT NULL,
  lease_owner     VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  lease_until     DATETIME(3)  NULL,
  published_at    DATETIME(3)  NULL,
  dead_at         DATETIME(3)  NULL,
  last_error      VARCHAR(500) NULL,
  request_id      VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (event_id),
  KEY ix_outbox_claim (published_at, dead_at, next_attempt_at, event_id),
  CONSTRAINT ck_outbox_payload CHECK (JSON_VALID(payload)),
  CONSTRAINT ck_outbox_attempts CHECK (attempts >= 0),
  CONSTRAINT ck_outbox_end CHECK (published_at IS NULL OR dead_at IS NULL),
  CONSTRAINT ck_outbox_lease CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- What a consumer has handled, written in the transaction of the effect: the second delivery finds the key.
CREATE TABLE inbox (
  consumer     VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_id     BIGINT      NOT NULL,
  processed_at DATETIME(3) NOT NULL,
  PRIMARY KEY (consumer, event_id),
  KEY ix_inbox_purge (processed_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Long or timed work. (job_type, job_key) names the work, so queueing it twice is a no-op; a repeating timer is one row
-- that goes back to queued with the next time.
CREATE TABLE jobs (
  job_id       BIGINT       NOT NULL AUTO_INCREMENT,
  job_type     VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  job_key      VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload      MEDIUMTEXT   NOT NULL,
  status       VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'queued',
  lease_owner  VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  lease_until  DATETIME(3)  NULL,
  heartbeat_at DATETIME(3)  NULL,
  attempts     INT          NOT NULL DEFAULT 0,
  max_attempts INT          NOT NULL DEFAULT 3,
  next_run_at  DATETIME(3)  NOT NULL,
  progress     TINYINT      NOT NULL DEFAULT 0 COMMENT 'percent',
  result       MEDIUMTEXT   NULL,
  error        TEXT         NULL COMMENT 'JSON {code, message} of the last attempt',
  created_at   DATETIME(3)  NOT NULL,
  updated_at   DATETIME(3)  NOT NULL,
  finished_at  DATETIME(3)  NULL,
  PRIMARY KEY (job_id),
  UNIQUE KEY uk_jobs_key (job_type, job_key),
  KEY ix_jobs_claim (job_type, status, next_run_at, job_id),
  KEY ix_jobs_lease (job_type, status, lease_until),
  KEY ix_jobs_purge (finished_at),
  CONSTRAINT ck_jobs_status CHECK (status IN ('queued', 'running', 'done', 'dead')),
  CONSTRAINT ck_jobs_progress CHECK (progress BETWEEN 0 AND 100),
  CONSTRAINT ck_jobs_attempts CHECK (attempts >= 0 AND max_attempts >= 1),
  CONSTRAINT ck_jobs_payload CHECK (JSON_VALID(payload)),
  CONSTRAINT ck_jobs_result CHECK (result IS NULL OR JSON_VALID(result)),
  CONSTRAINT ck_jobs_error CHECK (error IS NULL OR JSON_VALID(error)),
  CONSTRAINT ck_jobs_lease CHECK ((status = 'running') = (lease_until IS NOT NULL) AND (lease_owner IS NULL) = (lease_until IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Settings that staff change at run time; a missing row means the default of the code that registered the key.
CREATE TABLE settings (
  setting_key   VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  setting_value TEXT         NOT NULL,
  updated_by    BIGINT       NULL,
  updated_at    DATETIME(3)  NOT NULL,
  PRIMARY KEY (setting_key),
  CONSTRAINT ck_settings_value CHECK (JSON_VALID(setting_value))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
