package com.sharestack.billing.ledger;

import com.sharestack.billing.ledger.Finding.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A journal as the verifier finds it, however broken. */
final class StoredJournal {

  private record StoredLine(
      int number,
      Instant postedAt,
      long accountId,
      int accountBook,
      String code,
      String channel,
      long ownerId,
      String direction,
      long amountFen) {

    Line rebuilt() {
      return new Line(
          new Account(AccountCode.of(code), channel, ownerId), Side.valueOf(direction), amountFen);
    }
  }

  final long id;
  final long seq;
  final Instant postedAt;
  final byte[] previousHash;
  final byte[] hash;
  private final String type;
  private final String ref;
  private final long creatorId;
  private final Instant occurredAt;
  private final int expectedLines;
  private final byte[] contentHash;
  private final List<StoredLine> lines = new ArrayList<>();

  private StoredJournal(ResultSet row) throws SQLException {
    id = row.getLong("journal_id");
    seq = row.getLong("seq");
    type = row.getString("event_type");
    ref = row.getString("event_ref");
    creatorId = row.getLong("creator_id");
    occurredAt = instant(row, row.findColumn("occurred_at"));
    postedAt = instant(row, row.findColumn("posted_at"));
    expectedLines = row.getInt("line_count");
    contentHash = row.getBytes("content_hash");
    previousHash = row.getBytes("prev_hash");
    hash = row.getBytes("hash");
  }

  static StoredJournal head(ResultSet row) throws SQLException {
    return new StoredJournal(row);
  }

  static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
  }

  /** Adds the line of a joined row; a journal without lines comes as one row with an empty line. */
  void addLine(ResultSet row) throws SQLException {
    int number = row.getInt("line_no");
    if (row.wasNull()) {
      return;
    }
    lines.add(
        new StoredLine(
            number,
            instant(row, row.findColumn("line_posted_at")),
            row.getLong("account_id"),
            row.getInt("book"),
            row.getString("code"),
            row.getString("channel"),
            row.getLong("owner_id"),
            row.getString("direction"),
            row.getLong("amount_fen")));
  }

  int lineCount() {
    return lines.size();
  }

  /** Adds debits less credits per account. */
  void addTo(Map<Long, Long> ofBook, Map<Long, Long> shared) {
    for (StoredLine line : lines) {
      (line.accountBook() == Books.SHARED ? shared : ofBook)
          .merge(
              line.accountId(),
              line.direction().equals("D") ? line.amountFen() : -line.amountFen(),
              Math::addExact);
    }
  }

  /**
   * Everything that is wrong with this journal by itself.
   *
   * @param previous hash of the journal before it, as found
   */
  void problems(int book, byte[] previous, Finding.Sink sink) {
    if (lines.size() != expectedLines) {
      sink.report(Kind.LINES, book, seq, lines.size() + " lines instead of " + expectedLines);
    }
    for (StoredLine line : lines) {
      if (line.accountBook() != book && line.accountBook() != Books.SHARED) {
        sink.report(Kind.PLACE, book, seq, "line " + line.number() + " is of another book");
      }
      if (!line.postedAt().equals(postedAt)) {
        sink.report(Kind.TIME, book, seq, "line " + line.number() + " has another time");
      }
    }
    Journal journal;
    try {
      journal = rebuilt();
    } catch (IllegalArgumentException broken) {
      sink.report(Kind.UNBALANCED, book, seq, broken.getMessage());
      return;
    }
    if (Books.of(journal) != book) {
      sink.report(Kind.PLACE, book, seq, "belongs in book " + Books.of(journal));
    }
    if (!Arrays.equals(contentHash, LedgerHash.content(journal))
        || !Arrays.equals(hash, LedgerHash.chained(previous, book, seq, postedAt, journal))) {
      sink.report(Kind.CONTENT, book, seq, type + " " + ref + " is not what was posted");
    }
  }

  /** What was posted, unless it was changed; refuses what could not have been posted. */
  private Journal rebuilt() {
    List<Line> rebuilt = lines.stream().map(StoredLine::rebuilt).toList();
    return new Journal(
        JournalType.valueOf(type.toUpperCase(Locale.ROOT)), ref, occurredAt, creatorId, rebuilt);
  }
}
