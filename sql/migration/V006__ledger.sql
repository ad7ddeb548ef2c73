-- Owner of every table here: domain billing (package billing.ledger). The double-entry journal. Amounts are fen, always positive;
-- the direction says D or C. Nothing is ever changed or deleted: the triggers below refuse it, whoever asks.
--
-- The journal is divided into books, each a chain without gaps: a journal carries the hash of its predecessor and its own
-- sha256(prev_hash || canonical content). All journals of one creator are in one book. The head row of a book is the lock under
-- which its journals are written; it only moves to a journal that is complete, balanced and follows its predecessor.
--
-- With binary logging MySQL lets a user without SUPER make triggers only while log_bin_trust_function_creators is ON.

CREATE TABLE ledger_books (
  book           SMALLINT    NOT NULL,
  last_seq       BIGINT      NOT NULL,
  last_hash      BINARY(32)  NOT NULL,
  last_posted_at DATETIME(3) NOT NULL,
  PRIMARY KEY (book),
  CONSTRAINT ck_ledger_books CHECK (book BETWEEN 0 AND 15 AND last_seq >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Balances in the account's normal direction (side): debits minus credits for assets and expenses, credits minus debits for
-- liabilities and income. book -1: one row for all books, needed where the balance is guarded but not a creator's. Every other
-- account of the platform has one row per book, so that payments of different creators do not queue for one row.
CREATE TABLE ledger_accounts (
  account_id  BIGINT      NOT NULL AUTO_INCREMENT,
  code        VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'empty: not per channel',
  creator_id  BIGINT      NOT NULL DEFAULT 0 COMMENT '0: not per creator',
  book        SMALLINT    NOT NULL,
  side        CHAR(1)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'normal direction, D or C',
  balance_fen BIGINT      NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id),
  UNIQUE KEY uk_ledger_accounts (code, channel, creator_id, book),
  KEY ix_ledger_accounts_book (book, account_id),
  CONSTRAINT ck_ledger_accounts_code CHECK (code IN
    ('channel_receivable', 'bank_cash', 'creator_receivable', 'suspense', 'creator_pending', 'creator_available',
     'creator_frozen', 'refund_payable', 'tax_payable', 'vat_output_payable', 'platform_fee_income', 'payout_fee_income',
     'channel_fee_expense', 'payout_cost_expense', 'marketing_expense', 'vat_expense', 'bad_debt_expense')),
  CONSTRAINT ck_ledger_accounts_side CHECK (side = CASE WHEN code IN
    ('channel_receivable', 'bank_cash', 'creator_receivable', 'channel_fee_expense', 'payout_cost_expense',
     'marketing_expense', 'vat_expense', 'bad_debt_expense') THEN 'D' ELSE 'C' END),
  CONSTRAINT ck_ledger_accounts_guard CHECK (balance_fen >= 0 OR code NOT IN
    ('creator_receivable', 'suspense', 'creator_pending', 'creator_available', 'creator_frozen', 'refund_payable')),
  CONSTRAINT ck_ledger_accounts_channel CHECK (
    (channel <> '') = (code IN ('channel_receivable', 'suspense', 'refund_payable'))),
  CONSTRAINT ck_ledger_accounts_creator CHECK (creator_id >= 0 AND
    (creator_id > 0) = (code IN ('creator_receivable', 'creator_pending', 'creator_available', 'creator_frozen'))),
  CONSTRAINT ck_ledger_accounts_book CHECK (book BETWEEN -1 AND 15 AND (book = -1) = (code IN ('suspense', 'refund_payable')))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- posted_at never goes back within a book. creator_id is part of what is hashed and decides the book when it is not null.
CREATE TABLE ledger_journals (
  journal_id   BIGINT      NOT NULL AUTO_INCREMENT,
  book         SMALLINT    NOT NULL,
  seq          BIGINT      NOT NULL COMMENT '1, 2, 3, … in the book',
  event_type   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_ref    VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency     CHAR(3)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'CNY',
  creator_id   BIGINT      NULL,
  occurred_at  DATETIME(3) NOT NULL,
  posted_at    DATETIME(3) NOT NULL,
  line_count   SMALLINT    NOT NULL,
  content_hash BINARY(32)  NOT NULL COMMENT 'what the event said: equal for a repetition',
  prev_hash    BINARY(32)  NOT NULL,
  hash         BINARY(32)  NOT NULL,
  PRIMARY KEY (journal_id),
  UNIQUE KEY uk_ledger_journals_event (event_type, event_ref),
  UNIQUE KEY uk_ledger_journals_seq (book, seq),
  CONSTRAINT fk_ledger_journals_book FOREIGN KEY (book) REFERENCES ledger_books (book),
  CONSTRAINT ck_ledger_journals CHECK (seq >= 1 AND line_count >= 2 AND currency = 'CNY'
    AND event_type <> '' AND event_ref <> '' AND (creator_id IS NULL OR creator_id > 0))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- posted_at repeats that of the journal: balances as of a time are then read from one index.
CREATE TABLE ledger_lines (
  journal_id BIGINT      NOT NULL,
  line_no    SMALLINT    NOT NULL,
  account_id BIGINT      NOT NULL,
  direction  CHAR(1)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT      NOT NULL,
  posted_at  DATETIME(3) NOT NULL,
  PRIMARY KEY (journal_id, line_no),
  KEY ix_ledger_lines_account (account_id, posted_at, direction, amount_fen),
  CONSTRAINT fk_ledger_lines_journal FOREIGN KEY (journal_id) REFERENCES ledger_journals (journal_id),
  CONSTRAINT fk_ledger_lines_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (account_id),
  CONSTRAINT ck_ledger_lines CHECK (line_no >= 1 AND direction IN ('D', 'C') AND amount_fen > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

INSERT INTO ledger_books (book, last_seq, last_hash, last_posted_at)
SELECT high.n * 4 + low.n, 0, REPEAT(CHAR(0), 32), '2026-01-01 00:00:00.000'
FROM (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS high
CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS low;

-- The accounts that all books share exist from the start: no two books ever insert the same row.
INSERT INTO ledger_accounts (code, channel, book, side)
SELECT codes.code, channels.channel, -1, 'C'
FROM (SELECT 'refund_payable' AS code UNION ALL SELECT 'suspense') AS codes
CROSS JOIN (SELECT 'wechat' AS channel UNION ALL SELECT 'alipay' UNION ALL SELECT 'unionpay' UNION ALL SELECT 'stripe') AS channels
ORDER BY codes.code, channels.channel;

CREATE TRIGGER tr_ledger_journals_update BEFORE UPDATE ON ledger_journals FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ledger_journals is append-only';
CREATE TRIGGER tr_ledger_journals_delete BEFORE DELETE ON ledger_journals FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ledger_journals is append-only';
CREATE TRIGGER tr_ledger_lines_update BEFORE UPDATE ON ledger_lines FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ledger_lines is append-only';
CREATE TRIGGER tr_ledger_lines_delete BEFORE DELETE ON ledger_lines FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ledger_lines is append-only';
CREATE TRIGGER tr_ledger_books_delete BEFORE DELETE ON ledger_books FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ledger_books is never deleted from';
CREATE TRIGGER tr_ledger_accounts_delete BEFORE DELETE ON ledger_accounts FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ledger_accounts is never deleted from';

DELIMITER $$

CREATE TRIGGER tr_ledger_accounts_update BEFORE UPDATE ON ledger_accounts FOR EACH ROW
BEGIN
  IF NEW.account_id <> OLD.account_id OR NEW.code <> OLD.code OR NEW.channel <> OLD.channel
    OR NEW.creator_id <> OLD.creator_id OR NEW.book <> OLD.book THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'only the balance of a ledger account changes';
  END IF;
END$$

-- A finished journal takes no further line: the numbers 1 to line_count are used up.
CREATE TRIGGER tr_ledger_lines_insert BEFORE INSERT ON ledger_lines FOR EACH ROW
BEGIN
  DECLARE fitting INT;
  SELECT COUNT(*) INTO fitting FROM ledger_journals
  WHERE journal_id = NEW.journal_id AND line_count >= NEW.line_no AND posted_at = NEW.posted_at;
  IF fitting <> 1 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a ledger line belongs to a journal that awaits it';
  END IF;
END$$

CREATE TRIGGER tr_ledger_books_update BEFORE UPDATE ON ledger_books FOR EACH ROW
BEGIN
  DECLARE fitting INT;
  SELECT COUNT(*) INTO fitting FROM ledger_journals j
  WHERE j.book = OLD.book AND j.seq = NEW.last_seq AND j.prev_hash = OLD.last_hash AND j.hash = NEW.last_hash
    AND j.posted_at = NEW.last_posted_at
    AND j.line_count = (SELECT COUNT(*) FROM ledger_lines l WHERE l.journal_id = j.journal_id)
    AND 0 = (SELECT SUM(CASE l.direction WHEN 'D' THEN l.amount_fen ELSE -l.amount_fen END)
             FROM ledger_lines l WHERE l.journal_id = j.journal_id);
  IF fitting <> 1 OR NEW.book <> OLD.book OR NEW.last_seq <> OLD.last_seq + 1 OR NEW.last_posted_at < OLD.last_posted_at THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a ledger book moves to the next complete and balanced journal only';
  END IF;
END$$

DELIMITER ;
