package com.sharestack.billing.ledger;

import com.sharestack.billing.ledger.Finding.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Reads the whole journal in one snapshot and trusts nothing in it: re-hashes every chain, re-adds
 * every journal and every balance. Needs a connection and no part of the running application; the
 * heap holds the accounts of one book at a time.
 *
 * <p>Who rewrites a whole chain to its end leaves no trace inside the database. Therefore the
 * {@link Report} carries the heads: kept elsewhere, they are the {@link Anchor}s of the next run.
 */
public final class LedgerVerifier {

  /** A place of a book and the hash it had when it was written down. */
  public record Anchor(int book, long seq, String hash) {}

  /**
   * What was read and what is wrong with it.
   *
   * @param findings at most 1,000
   * @param heads the last journal of every book that has one
   */
  public record Report(long journals, long lines, List<Finding> findings, List<Anchor> heads) {
    public boolean intact() {
      return findings.isEmpty();
    }
  }

  static final int MAX_FINDINGS = 1_000;
  private static final int FETCH_ROWS = 2_000;

  private static final String JOURNALS =
      """
      SELECT STRAIGHT_JOIN j.journal_id, j.seq, j.event_type, j.event_ref, j.creator_id, j.occurred_at, j.posted_at,
        j.line_count, j.content_hash, j.prev_hash, j.hash, l.line_no, l.direction, l.amount_fen,
        l.posted_at AS line_posted_at, a.account_id, a.code, a.channel, a.creator_id AS owner_id, a.book
      FROM ledger_journals j FORCE INDEX (uk_ledger_journals_seq)
      LEFT JOIN ledger_lines l ON l.journal_id = j.journal_id
      LEFT JOIN ledger_accounts a ON a.account_id = l.account_id
      WHERE j.book = ? ORDER BY j.seq, l.line_no
      """;

  private static final String BALANCES =
      "SELECT account_id, code, balance_fen FROM ledger_accounts WHERE book = ? ORDER BY"
          + " account_id";

  private static final String HEADS =
      "SELECT book, last_seq, last_hash, last_posted_at FROM ledger_books ORDER BY book";

  private final Connection connection;
  private final Map<Integer, List<Anchor>> anchors = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Anchor> heads = new ArrayList<>();
  private final Map<Long, Long> shared = new HashMap<>();
  private long journals;
  private long lines;

  private LedgerVerifier(Connection connection, List<Anchor> known) {
    this.connection = connection;
    known.forEach(a -> anchors.computeIfAbsent(a.book(), book -> new ArrayList<>()).add(a));
  }

  /**
   * Verifies everything.
   *
   * @param connection to the database; its transaction is rolled back at the end
   * @param anchors heads of former runs that must still be there
   */
  public static Report verify(Connection connection, List<Anchor> anchors) throws SQLException {
    return new LedgerVerifier(connection, anchors).run();
  }

  private Report run() throws SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try {
      for (BookHead head : bookHeads()) {
        verifyBook(head);
      }
      verifyBalances(Books.SHARED, shared);
      return new Report(journals, lines, List.copyOf(findings), List.copyOf(heads));
    } finally {
      connection.rollback();
    }
  }

  private record BookHead(int book, long seq, byte[] hash, Instant postedAt) {}

  private List<BookHead> bookHeads() throws SQLException {
    List<BookHead> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(HEADS);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        found.add(
            new BookHead(
                row.getInt(1), row.getLong(2), row.getBytes(3), StoredJournal.instant(row, 4)));
      }
    }
    if (found.size() != Books.COUNT) {
      report(Kind.HEAD, -1, 0, found.size() + " books instead of " + Books.COUNT);
    }
    return found;
  }

  private void verifyBook(BookHead head) throws SQLException {
    Chain chain = new Chain(head.book());
    Map<Long, Long> sums = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(JOURNALS)) {
      statement.setFetchSize(FETCH_ROWS);
      statement.setInt(1, head.book());
      try (ResultSet row = statement.executeQuery()) {
        boolean more = row.next();
        while (more) {
          StoredJournal journal = StoredJournal.head(row);
          do {
            journal.addLine(row);
            more = row.next();
          } while (more && row.getLong("journal_id") == journal.id);
          verifyJournal(chain, journal, sums);
        }
      }
    }
    if (chain.seq != head.seq()
        || !Arrays.equals(chain.hash, head.hash())
        || (chain.seq > 0 && !chain.postedAt.equals(head.postedAt()))) {
      report(
          Kind.HEAD,
          head.book(),
          chain.seq,
          "the book says it ends at %d, the journals end at %d".formatted(head.seq(), chain.seq));
    }
    anchors
        .getOrDefault(head.book(), List.of())
        .forEach(anchor -> report(Kind.ANCHOR, anchor.book(), anchor.seq(), "is not there"));
    if (chain.seq > 0) {
      heads.add(new Anchor(head.book(), chain.seq, HexFormat.of().formatHex(chain.hash)));
    }
    verifyBalances(head.book(), sums);
  }

  /** Where the re-computed chain of a book stands. */
  private static final class Chain {
    private final int book;
    private long seq;
    private byte[] hash = LedgerHash.GENESIS;
    private Instant postedAt = Instant.MIN;

    Chain(int book) {
      this.book = book;
    }
  }

  private void verifyJournal(Chain chain, StoredJournal stored, Map<Long, Long> sums) {
    journals++;
    lines += stored.lineCount();
    if (stored.seq != chain.seq + 1) {
      report(Kind.GAP, chain.book, stored.seq, "follows " + chain.seq);
    }
    if (!Arrays.equals(stored.previousHash, chain.hash)) {
      report(Kind.CHAIN, chain.book, stored.seq, "does not name its predecessor");
    }
    if (stored.postedAt.isBefore(chain.postedAt)) {
      report(Kind.TIME, chain.book, stored.seq, "was posted before its predecessor");
    }
    stored.problems(chain.book, chain.hash, this::report);
    stored.addTo(sums, shared);
    List<Anchor> expected = anchors.get(chain.book);
    if (expected != null) {
      String hash = HexFormat.of().formatHex(stored.hash);
      expected.removeIf(anchor -> anchor.seq() == stored.seq && anchor.hash().equals(hash));
    }
    chain.seq = stored.seq;
    chain.hash = stored.hash;
    chain.postedAt = stored.postedAt;
  }

  private void verifyBalances(int book, Map<Long, Long> debits) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BALANCES)) {
      statement.setFetchSize(FETCH_ROWS);
      statement.setInt(1, book);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          AccountCode code = AccountCode.of(row.getString(2));
          long debit = debits.getOrDefault(row.getLong(1), 0L);
          long computed = code.normalSide() == Side.D ? debit : -debit;
          if (computed != row.getLong(3)) {
            report(
                Kind.BALANCE,
                book,
                0,
                "account %d (%s) holds %d, its lines add up to %d"
                    .formatted(row.getLong(1), code.literal(), row.getLong(3), computed));
          }
          if (code.guarded() && computed < 0) {
            report(
                Kind.NEGATIVE,
                book,
                0,
                "account %d adds up to %d".formatted(row.getLong(1), computed));
          }
        }
      }
    }
  }

  private void report(Kind kind, int book, long seq, String text) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(kind, book, seq, text));
    }
  }
}
