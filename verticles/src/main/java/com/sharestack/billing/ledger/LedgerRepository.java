package com.sharestack.billing.ledger;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Statements over ledger_books, ledger_accounts, ledger_journals and ledger_lines. */
final class LedgerRepository {

  /** The end of a book. */
  record Head(long seq, byte[] hash, Instant postedAt) {}

  /** A journal that stands already. */
  record Known(long journalId, byte[] contentHash) {}

  /** An account as a book sees it. */
  record AccountRow(Account account, int book) {
    static AccountRow of(Account account, int book) {
      return new AccountRow(account, Books.ofAccount(account, book));
    }
  }

  /** Of MySQL and of MariaDB. */
  private static final Set<Integer> CHECK_FAILED = Set.of(3819, 4025);

  private static final String LOCK_HEADS =
      """
      SELECT book, last_seq, last_hash, last_posted_at FROM ledger_books FORCE INDEX (PRIMARY)
      WHERE book IN (%s) ORDER BY book FOR UPDATE
      """;

  private static final String KNOWN =
      "SELECT journal_id, event_type, event_ref, content_hash FROM ledger_journals"
          + " WHERE event_type = ? AND event_ref = ?";

  private static final String FIND_ACCOUNT =
      "SELECT account_id, code, channel, creator_id, book FROM ledger_accounts"
          + " WHERE code = ? AND channel = ? AND creator_id = ? AND book = ?";

  private static final String INSERT_ACCOUNT =
      """
      INSERT INTO ledger_accounts (code, channel, creator_id, book, side) VALUES (?, ?, ?, ?, ?)
      """;

  private static final String LOCK_ACCOUNTS =
      """
      SELECT account_id FROM ledger_accounts FORCE INDEX (PRIMARY)
      WHERE account_id IN (%s) ORDER BY account_id FOR UPDATE
      """;

  private static final String INSERT_JOURNAL =
      """
      INSERT INTO ledger_journals (book, seq, event_type, event_ref, creator_id, occurred_at, posted_at, line_count,
        content_hash, prev_hash, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String INSERT_LINE =
      """
      INSERT INTO ledger_lines (journal_id, line_no, account_id, direction, amount_fen, posted_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private static final String ADD_TO_BALANCE =
      "UPDATE ledger_accounts SET balance_fen = balance_fen + ? WHERE account_id = ?";

  private static final String MOVE_HEAD =
      "UPDATE ledger_books SET last_seq = ?, last_hash = ?, last_posted_at = ? WHERE book = ?";

  private static final String BALANCES =
      """
      SELECT code, balance_fen FROM ledger_accounts
      WHERE code IN ('creator_pending', 'creator_available', 'creator_frozen', 'creator_receivable')
        AND channel = '' AND creator_id = ? AND book = ?
      """;

  /** Locks books in ascending order and reads where they end. */
  Map<Integer, Head> lockHeads(Tx tx, SortedSet<Integer> books) {
    Map<Integer, Head> heads = new HashMap<>();
    for (Row row : tx.rows(LOCK_HEADS.formatted(Rows.marks(books.size())), books.toArray())) {
      heads.put(
          row.getInteger("book"),
          new Head(
              row.getLong("last_seq"),
              row.getBuffer("last_hash").getBytes(),
              Rows.instant(row, "last_posted_at")));
    }
    if (heads.size() != books.size()) {
      throw new IllegalStateException("ledger books " + books + " are not all there");
    }
    return heads;
  }

  /** Those of the journals whose event was posted before. */
  Map<Journal, Known> known(Sql sql, List<Journal> journals) {
    List<Object> args = new ArrayList<>();
    Map<String, Known> byEvent = new HashMap<>();
    for (Journal journal : journals) {
      args.add(journal.type().literal());
      args.add(journal.ref());
    }
    for (Row row : sql.rows(union(KNOWN, journals.size()), args.toArray())) {
      byEvent.put(
          row.getString("event_type") + " " + row.getString("event_ref"),
          new Known(row.getLong("journal_id"), row.getBuffer("content_hash").getBytes()));
    }
    Map<Journal, Known> known = new HashMap<>();
    for (Journal journal : journals) {
      Known first = byEvent.get(journal.type().literal() + " " + journal.ref());
      if (first != null) {
        known.put(journal, first);
      }
    }
    return known;
  }

  /** The rows of all accounts of the journals, made where missing, locked ascending by id. */
  Map<AccountRow, Long> lockAccounts(Tx tx, List<Journal> journals) {
    Set<AccountRow> wanted = new LinkedHashSet<>();
    for (Journal journal : journals) {
      int book = Books.of(journal);
      journal.lines().forEach(line -> wanted.add(AccountRow.of(line.account(), book)));
    }
    if (wanted.isEmpty()) {
      return Map.of();
    }
    Map<AccountRow, Long> found = find(tx, wanted);
    List<AccountRow> missing = wanted.stream().filter(row -> !found.containsKey(row)).toList();
    if (!missing.isEmpty()) {
      insertAccounts(tx, missing);
      found.putAll(find(tx, new LinkedHashSet<>(missing)));
    }
    tx.rows(LOCK_ACCOUNTS.formatted(Rows.marks(found.size())), found.values().toArray());
    return found;
  }

  private static Map<AccountRow, Long> find(Tx tx, Set<AccountRow> wanted) {
    List<Object> args = new ArrayList<>();
    for (AccountRow row : wanted) {
      args.add(row.account().code().literal());
      args.add(row.account().channel());
      args.add(row.account().creatorId());
      args.add(row.book());
    }
    return tx.rows(union(FIND_ACCOUNT, wanted.size()), args.toArray()).stream()
        .collect(
            Collectors.toMap(
                row -> new AccountRow(account(row), row.getInteger("book")),
                row -> row.getLong("account_id")));
  }

  /**
   * Under the lock of their book, so nobody else makes the same; shared ones exist from the start.
   */
  private static void insertAccounts(Tx tx, List<AccountRow> missing) {
    List<Object[]> rows = new ArrayList<>();
    for (AccountRow row : missing) {
      if (row.book() == Books.SHARED) {
        throw new IllegalStateException("no ledger account " + row);
      }
      rows.add(
          new Object[] {
            row.account().code().literal(),
            row.account().channel(),
            row.account().creatorId(),
            row.book(),
            row.account().code().normalSide().name()
          });
    }
    tx.batch(INSERT_ACCOUNT, rows);
  }

  private static Account account(Row row) {
    return new Account(
        AccountCode.of(row.getString("code")), row.getString("channel"), row.getLong("creator_id"));
  }

  long insertJournal(Tx tx, Journal journal, int book, Head previous, Head head) {
    return tx.insert(
        INSERT_JOURNAL,
        book,
        head.seq(),
        journal.type().literal(),
        journal.ref(),
        journal.creatorId() == 0 ? null : journal.creatorId(),
        journal.occurredAt(),
        head.postedAt(),
        journal.lines().size(),
        Buffer.buffer(LedgerHash.content(journal)),
        Buffer.buffer(previous.hash()),
        Buffer.buffer(head.hash()));
  }

  void insertLines(
      Tx tx,
      long journalId,
      Journal journal,
      int book,
      Instant postedAt,
      Map<AccountRow, Long> accounts) {
    List<Object[]> rows = new ArrayList<>();
    int number = 0;
    for (Line line : journal.lines()) {
      long accountId = accounts.get(AccountRow.of(line.account(), book));
      rows.add(
          new Object[] {
            journalId, ++number, accountId, line.side().name(), line.amountFen(), postedAt
          });
    }
    tx.batch(INSERT_LINE, rows);
  }

  /**
   * One update per account, ascending by id.
   *
   * @throws OverdrawnException when the database refuses a guarded balance below zero
   */
  void addToBalances(Tx tx, Journal journal, int book, Map<AccountRow, Long> accounts) {
    SortedMap<Long, Long> changes = new TreeMap<>();
    for (Line line : journal.lines()) {
      boolean raises = line.side() == line.account().code().normalSide();
      changes.merge(
          accounts.get(AccountRow.of(line.account(), book)),
          raises ? line.amountFen() : -line.amountFen(),
          Math::addExact);
    }
    List<Object[]> rows = new ArrayList<>();
    changes.forEach((accountId, change) -> rows.add(new Object[] {change, accountId}));
    try {
      tx.batch(ADD_TO_BALANCE, rows);
    } catch (MySQLException refused) {
      throw CHECK_FAILED.contains(refused.getErrorCode())
          ? new OverdrawnException(journal)
          : refused;
    }
  }

  void moveHead(Tx tx, int book, Head head) {
    tx.update(MOVE_HEAD, head.seq(), Buffer.buffer(head.hash()), head.postedAt(), book);
  }

  CreatorBalances balances(Sql sql, long creatorId, int book) {
    Map<String, Long> balances =
        sql.rows(BALANCES, creatorId, book).stream()
            .collect(Collectors.toMap(r -> r.getString("code"), r -> r.getLong("balance_fen")));
    return new CreatorBalances(
        balances.getOrDefault(AccountCode.CREATOR_PENDING.literal(), 0L),
        balances.getOrDefault(AccountCode.CREATOR_AVAILABLE.literal(), 0L),
        balances.getOrDefault(AccountCode.CREATOR_FROZEN.literal(), 0L),
        balances.getOrDefault(AccountCode.CREATOR_RECEIVABLE.literal(), 0L));
  }

  /** Point reads of one key each: a list of row values is not a range for every server. */
  private static String union(String select, int count) {
    return String.join(" UNION ALL ", Collections.nCopies(count, select));
  }
}
