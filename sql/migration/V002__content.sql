-- Owner of every table here: domain content. author_id, changed_by, … are user ids of the domain users, without foreign key.

-- path is the materialised way from the root with both slashes (/1/5/), so a subtree is one range: path LIKE '/1/%'.
-- articles_count counts the live articles of the category itself; a subtree total is the sum over that range.
CREATE TABLE categories (
  category_id    BIGINT       NOT NULL AUTO_INCREMENT,
  parent_id      BIGINT       NULL,
  path           VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'null only between insert and the update that knows the id',
  depth          TINYINT      NOT NULL DEFAULT 1,
  name           VARCHAR(50)  NOT NULL,
  slug           VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  description    VARCHAR(500) NULL,
  color          CHAR(7)      CHARACTER SET ascii COLLATE ascii_bin NULL,
  icon           VARCHAR(500) NULL,
  sort_order     INT          NOT NULL DEFAULT 0,
  status         VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'active',
  articles_count BIGINT       NOT NULL DEFAULT 0,
  created_at     DATETIME(3)  NOT NULL,
  updated_at     DATETIME(3)  NOT NULL,
  PRIMARY KEY (category_id),
  UNIQUE KEY uk_categories_slug (slug),
  UNIQUE KEY uk_categories_path (path),
  KEY ix_categories_children (parent_id, sort_order, name),
  CONSTRAINT fk_categories_parent FOREIGN KEY (parent_id) REFERENCES categories (category_id),
  CONSTRAINT ck_categories_status CHECK (status IN ('active', 'inactive')),
  CONSTRAINT ck_categories_depth CHECK (depth >= 1 AND (depth = 1) = (parent_id IS NULL)),
  CONSTRAINT ck_categories_count CHECK (articles_count >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- name_key: NFC, trimmed, case-folded name; the first spelling stays in name.
CREATE TABLE tags (
  tag_id         BIGINT       NOT NULL AUTO_INCREMENT,
  name           VARCHAR(30)  NOT NULL,
  name_key       VARCHAR(60)  COLLATE utf8mb4_0900_bin NOT NULL,
  slug           VARCHAR(100) COLLATE utf8mb4_0900_bin NOT NULL,
  description    VARCHAR(100) NULL,
  color          CHAR(7)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '#999999',
  usage_count    BIGINT       NOT NULL DEFAULT 0,
  trending_score INT          NOT NULL DEFAULT 0,
  follower_count BIGINT       NOT NULL DEFAULT 0,
  created_by     BIGINT       NULL,
  created_at     DATETIME(3)  NOT NULL,
  last_used_at   DATETIME(3)  NULL,
  PRIMARY KEY (tag_id),
  UNIQUE KEY uk_tags_name (name_key),
  UNIQUE KEY uk_tags_slug (slug),
  KEY ix_tags_usage (usage_count, tag_id),
  CONSTRAINT ck_tags_counts CHECK (usage_count >= 0 AND follower_count >= 0 AND trending_score BETWEEN 0 AND 100)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Articles, audio, video and documents. Everything a list row shows is here, the texts are in article_bodies.
-- live      = strangers may see it in lists; the first column of every public feed index.
-- listed_at = what sort=published_at sorts by: rows that were never published fall back to created_at.
-- The counters are here and nowhere else, because two of them are sort keys and all of them are in every list row.
CREATE TABLE articles (
  article_id               BIGINT        NOT NULL AUTO_INCREMENT,
  author_id                BIGINT        NOT NULL,
  status                   VARCHAR(16)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  visibility               VARCHAR(12)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'public',
  content_type             VARCHAR(8)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'article',
  content_format           VARCHAR(8)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'markdown',
  category_id              BIGINT        NULL,
  title                    VARCHAR(200)  NOT NULL,
  excerpt                  VARCHAR(500)  NOT NULL DEFAULT '',
  excerpt_generated        TINYINT       NOT NULL DEFAULT 1 COMMENT 'made from the free part; rebuilt when that changes',
  cover_image              VARCHAR(500)  NULL,
  custom_url               VARCHAR(100)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  price_fen                BIGINT        NULL,
  included_in_subscription TINYINT       NOT NULL DEFAULT 1,
  allow_comments           TINYINT       NOT NULL DEFAULT 1,
  comment_review           TINYINT       NOT NULL DEFAULT 0,
  is_featured              TINYINT       NOT NULL DEFAULT 0,
  author_hidden            TINYINT       NOT NULL DEFAULT 0 COMMENT 'copy of users.content_hidden of the author',
  seo_title                VARCHAR(60)   NULL,
  seo_description          VARCHAR(160)  NULL,
  seo_keywords             TEXT          NULL COMMENT 'JSON array of at most 10 strings',
  canonical_url            VARCHAR(500)  NULL,
  robots                   VARCHAR(50)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'index,follow',
  og_image                 VARCHAR(500)  NULL,
  word_count               INT           NOT NULL DEFAULT 0,
  reading_minutes          INT           NOT NULL DEFAULT 1,
  duration_seconds         INT           NULL COMMENT 'audio and video',
  preview_mode             VARCHAR(8)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'percent',
  preview_percent          TINYINT       NOT NULL DEFAULT 20,
  preview_trial_seconds    INT           NOT NULL DEFAULT 60,
  preview_allow_anonymous  TINYINT       NOT NULL DEFAULT 1,
  review_status            VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'not_required',
  review_hold              TINYINT       NOT NULL DEFAULT 0 COMMENT 'taken down by staff',
  review_notes             VARCHAR(1000) NULL,
  reviewed_at              DATETIME(3)   NULL,
  current_version          INT           NOT NULL DEFAULT 1,
  published_version        INT           NULL COMMENT 'last published version; readers with a purchase keep it',
  views_count              BIGINT        NOT NULL DEFAULT 0,
  likes_count              BIGINT        NOT NULL DEFAULT 0,
  comments_count           BIGINT        NOT NULL DEFAULT 0,
  bookmarks_count          BIGINT        NOT NULL DEFAULT 0,
  shares_count             BIGINT        NOT NULL DEFAULT 0,
  idempotency_key          VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NULL,
  request_hash             BINARY(32)    NULL,
  scheduled_at             DATETIME(3)   NULL,
  published_at             DATETIME(3)   NULL COMMENT 'first publication, kept afterwards',
  created_at               DATETIME(3)   NOT NULL,
  updated_at               DATETIME(3)   NOT NULL,
  deleted_at               DATETIME(3)   NULL,
  revision                 BIGINT        NOT NULL DEFAULT 1 COMMENT '+1 at every write but counters: compare-and-set, cache key',
  live                     TINYINT       GENERATED ALWAYS AS
    (CASE WHEN status = 'published' AND deleted_at IS NULL AND author_hidden = 0 THEN 1 ELSE 0 END) STORED,
  listed_at                DATETIME(3)   GENERATED ALWAYS AS (COALESCE(published_at, created_at)) STORED,
  PRIMARY KEY (article_id),
  UNIQUE KEY uk_articles_custom_url (custom_url),
  UNIQUE KEY uk_articles_idempotency (author_id, idempotency_key),
  KEY ix_articles_feed_published (live, listed_at, article_id),
  KEY ix_articles_feed_created (live, created_at, article_id),
  KEY ix_articles_feed_updated (live, updated_at, article_id),
  KEY ix_articles_feed_views (live, views_count, article_id),
  KEY ix_articles_feed_likes (live, likes_count, article_id),
  KEY ix_articles_feed_visibility (live, visibility, listed_at, article_id),
  KEY ix_articles_feed_type (live, content_type, listed_at, article_id),
  KEY ix_articles_feed_featured (live, is_featured, listed_at, article_id),
  KEY ix_articles_category (category_id, live, listed_at, article_id),
  KEY ix_articles_author (author_id, status, listed_at, article_id),
  KEY ix_articles_status (status, listed_at, article_id),
  KEY ix_articles_due (status, scheduled_at, article_id),
  KEY ix_articles_purge (deleted_at),
  CONSTRAINT fk_articles_category FOREIGN KEY (category_id) REFERENCES categories (category_id),
  CONSTRAINT ck_articles_status CHECK (status IN ('draft', 'pending_review', 'scheduled', 'published', 'archived', 'rejected')),
  CONSTRAINT ck_articles_visibility CHECK (visibility IN ('public', 'subscribers', 'paid')),
  CONSTRAINT ck_articles_type CHECK (content_type IN ('article', 'audio', 'video', 'document')),
  CONSTRAINT ck_articles_format CHECK (content_format IN ('markdown', 'html')),
  CONSTRAINT ck_articles_price CHECK (price_fen IS NULL OR (price_fen BETWEEN 1 AND 1000000 AND visibility = 'paid')),
  CONSTRAINT ck_articles_sellable CHECK (included_in_subscription = 1 OR price_fen IS NOT NULL),
  CONSTRAINT ck_articles_preview_mode CHECK (preview_mode IN ('percent', 'marker', 'none', 'full')),
  CONSTRAINT ck_articles_preview CHECK (preview_percent BETWEEN 0 AND 80 AND preview_trial_seconds BETWEEN 0 AND 600),
  CONSTRAINT ck_articles_review CHECK (review_status IN ('not_required', 'pending', 'approved', 'rejected', 'changes_requested')),
  CONSTRAINT ck_articles_counters CHECK (views_count >= 0 AND likes_count >= 0 AND comments_count >= 0
    AND bookmarks_count >= 0 AND shares_count >= 0),
  CONSTRAINT ck_articles_scheduled CHECK (status <> 'scheduled' OR scheduled_at IS NOT NULL),
  CONSTRAINT ck_articles_published CHECK (status <> 'published' OR (published_at IS NOT NULL AND published_version IS NOT NULL)),
  CONSTRAINT ck_articles_idempotency CHECK ((idempotency_key IS NULL) = (request_hash IS NULL)),
  CONSTRAINT ck_articles_keywords CHECK (seo_keywords IS NULL OR JSON_VALID(seo_keywords))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- The texts, rendered when written. slot current = what the row says now (also the public text while it is published);
-- slot published = copy of the last published text, made when the row leaves the status published, so that later edits of the
-- draft do not change what buyers read; removed at the next publication.
-- The free part is cut once here: nothing that serves strangers ever touches content or content_html. Empty for public rows.
-- renderer = version of the code that rendered; 0 = never (seeds bring sources only). Older rows are rendered again at start.
CREATE TABLE article_bodies (
  article_id     BIGINT      NOT NULL,
  slot           VARCHAR(9)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version_number INT         NOT NULL,
  content        MEDIUMTEXT  NOT NULL COMMENT 'source in articles.content_format, at most 1 MiB',
  content_html   MEDIUMTEXT  NOT NULL DEFAULT ('') COMMENT 'sanitised rendering',
  free_content   MEDIUMTEXT  NOT NULL DEFAULT (''),
  free_html      MEDIUMTEXT  NOT NULL DEFAULT (''),
  hidden_words   INT         NOT NULL DEFAULT 0 COMMENT 'words outside the free part',
  toc            MEDIUMTEXT  NOT NULL DEFAULT ('[]') COMMENT 'JSON array of TocEntry',
  free_toc       MEDIUMTEXT  NOT NULL DEFAULT ('[]') COMMENT 'the same of the free part',
  renderer       INT         NOT NULL DEFAULT 0,
  updated_at     DATETIME(3) NOT NULL,
  PRIMARY KEY (article_id, slot),
  KEY ix_article_bodies_renderer (renderer, article_id),
  CONSTRAINT fk_article_bodies_article FOREIGN KEY (article_id) REFERENCES articles (article_id) ON DELETE CASCADE,
  CONSTRAINT ck_article_bodies_slot CHECK (slot IN ('current', 'published')),
  CONSTRAINT ck_article_bodies_hidden CHECK (hidden_words >= 0),
  CONSTRAINT ck_article_bodies_toc CHECK (JSON_VALID(toc) AND JSON_VALID(free_toc))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE article_versions (
  version_id      BIGINT       NOT NULL AUTO_INCREMENT,
  article_id      BIGINT       NOT NULL,
  version_number  INT          NOT NULL,
  change_type     VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title           VARCHAR(200) NOT NULL,
  excerpt         VARCHAR(500) NOT NULL,
  content         MEDIUMTEXT   NOT NULL,
  content_format  VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content_preview VARCHAR(100) NOT NULL COMMENT 'first characters of the plain text, for lists',
  word_count      INT          NOT NULL,
  changes_summary VARCHAR(255) NOT NULL,
  metadata        TEXT         NOT NULL COMMENT 'JSON object: the other fields as of this version',
  created_by      BIGINT       NOT NULL,
  created_at      DATETIME(3)  NOT NULL,
  PRIMARY KEY (version_id),
  UNIQUE KEY uk_article_versions_number (article_id, version_number),
  CONSTRAINT fk_article_versions_article FOREIGN KEY (article_id) REFERENCES articles (article_id) ON DELETE CASCADE,
  CONSTRAINT ck_article_versions_type CHECK (change_type IN ('create', 'update', 'publish', 'revert')),
  CONSTRAINT ck_article_versions_format CHECK (content_format IN ('markdown', 'html')),
  CONSTRAINT ck_article_versions_metadata CHECK (JSON_VALID(metadata))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE article_tags (
  article_id BIGINT  NOT NULL,
  tag_id     BIGINT  NOT NULL,
  position   TINYINT NOT NULL COMMENT 'order the author gave',
  PRIMARY KEY (article_id, tag_id),
  KEY ix_article_tags_tag (tag_id, article_id),
  CONSTRAINT fk_article_tags_article FOREIGN KEY (article_id) REFERENCES articles (article_id) ON DELETE CASCADE,
  CONSTRAINT fk_article_tags_tag FOREIGN KEY (tag_id) REFERENCES tags (tag_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Every slug an article ever had; the one that is not articles.custom_url any more redirects for ever.
CREATE TABLE article_slugs (
  slug       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  article_id BIGINT       NOT NULL,
  created_at DATETIME(3)  NOT NULL,
  PRIMARY KEY (slug),
  KEY ix_article_slugs_article (article_id),
  CONSTRAINT fk_article_slugs_article FOREIGN KEY (article_id) REFERENCES articles (article_id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- SimHash of what is public now. Two near copies differ in at most 3 of 64 bits, so they agree in one of four 16-bit bands.
CREATE TABLE article_fingerprints (
  article_id  BIGINT NOT NULL,
  fingerprint BIGINT NOT NULL,
  band_0      INT    NOT NULL,
  band_1      INT    NOT NULL,
  band_2      INT    NOT NULL,
  band_3      INT    NOT NULL,
  PRIMARY KEY (article_id),
  KEY ix_article_fingerprints_0 (band_0, fingerprint),
  KEY ix_article_fingerprints_1 (band_1, fingerprint),
  KEY ix_article_fingerprints_2 (band_2, fingerprint),
  KEY ix_article_fingerprints_3 (band_3, fingerprint),
  CONSTRAINT fk_article_fingerprints_article FOREIGN KEY (article_id) REFERENCES articles (article_id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Who may read one article without a subscription: given by hand (granted) or bought (purchased, keyed by the payment).
-- Purchases keep the last published text after the article left the lists.
CREATE TABLE article_access (
  user_id    BIGINT       NOT NULL,
  article_id BIGINT       NOT NULL,
  source     VARCHAR(9)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  granted_by BIGINT       NULL,
  reason     VARCHAR(255) NULL,
  expires_at DATETIME(3)  NULL COMMENT 'null = for good',
  created_at DATETIME(3)  NOT NULL,
  PRIMARY KEY (user_id, article_id, source),
  UNIQUE KEY uk_article_access_payment (payment_id),
  KEY ix_article_access_article (article_id, source),
  CONSTRAINT fk_article_access_article FOREIGN KEY (article_id) REFERENCES articles (article_id) ON DELETE CASCADE,
  CONSTRAINT ck_article_access_source CHECK (source IN ('granted', 'purchased')),
  CONSTRAINT ck_article_access_payment CHECK ((source = 'purchased') = (payment_id IS NOT NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Append-only. from_status null: creation. changed_by null: the system.
CREATE TABLE article_status_log (
  status_log_id BIGINT        NOT NULL AUTO_INCREMENT,
  article_id    BIGINT        NOT NULL,
  from_status   VARCHAR(16)   CHARACTER SET ascii COLLATE ascii_bin NULL,
  to_status     VARCHAR(16)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  changed_by    BIGINT        NULL,
  change_reason VARCHAR(255)  NULL,
  notes         VARCHAR(1000) NULL COMMENT 'staff and owner only',
  request_id    VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at    DATETIME(3)   NOT NULL,
  PRIMARY KEY (status_log_id),
  KEY ix_article_status_log_article (article_id, status_log_id),
  CONSTRAINT fk_article_status_log_article FOREIGN KEY (article_id) REFERENCES articles (article_id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- The main media file (role media, position 0) and the attachments, with what a detail shows of them.
CREATE TABLE article_media (
  article_id       BIGINT       NOT NULL,
  role             VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  position         TINYINT      NOT NULL,
  file_id          VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  file_type        VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  filename         VARCHAR(255) NOT NULL,
  file_size        BIGINT       NOT NULL,
  format           VARCHAR(20)  NOT NULL,
  duration_seconds INT          NULL,
  poster_url       VARCHAR(500) NULL,
  waveform_url     VARCHAR(500) NULL,
  upload_status    VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  chapters         TEXT         NULL COMMENT 'JSON array of {title, start}',
  PRIMARY KEY (article_id, role, position),
  KEY ix_article_media_file (file_id, article_id),
  CONSTRAINT fk_article_media_article FOREIGN KEY (article_id) REFERENCES articles (article_id) ON DELETE CASCADE,
  CONSTRAINT ck_article_media_role CHECK (role IN ('media', 'attachment')),
  CONSTRAINT ck_article_media_type CHECK (file_type IN ('image', 'video', 'audio', 'document')),
  CONSTRAINT ck_article_media_upload CHECK (upload_status IN ('pending', 'uploading', 'processing', 'completed', 'failed')),
  CONSTRAINT ck_article_media_chapters CHECK (chapters IS NULL OR JSON_VALID(chapters))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- CJK bigrams and words of title, excerpt and body, each hex-encoded (MariaDB has no ngram parser).
CREATE TABLE article_search (
  article_id BIGINT   NOT NULL,
  author_id  BIGINT   NOT NULL,
  tokens     LONGTEXT CHARACTER SET latin1 COLLATE latin1_bin NOT NULL,
  PRIMARY KEY (article_id),
  KEY ix_article_search_author (author_id),
  FULLTEXT KEY ft_article_search_tokens (tokens),
  CONSTRAINT fk_article_search_article FOREIGN KEY (article_id) REFERENCES articles (article_id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Sums over the live articles of an author, changed in the transaction that changes their parts.
CREATE TABLE author_counts (
  author_id      BIGINT NOT NULL,
  articles_count BIGINT NOT NULL DEFAULT 0,
  likes_received BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (author_id),
  CONSTRAINT ck_author_counts CHECK (articles_count >= 0 AND likes_received >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
