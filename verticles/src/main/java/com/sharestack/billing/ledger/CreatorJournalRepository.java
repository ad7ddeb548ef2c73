package com.sharestack.billing.ledger;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A creator's journals and balances as of a time, read page by page. All journals of a creator
 * stand in one book and are written one after the other, so those up to a number that has been seen
 * are all there and never change.
 */
public final class CreatorJournalRepository {

  /** The accounts that make up what a creator has. */
  public static final List<AccountCode> BALANCES =
      List.of(
          AccountCode.CREATOR_PENDING,
          AccountCode.CREATOR_AVAILABLE,
          AccountCode.CREATOR_FROZEN,
          AccountCode.CREATOR_RECEIVABLE);

  /** Opening balances are added up in slices, each well within the statement timeout. */
  private static final int SLICE_DAYS = 31;

  static final String PAGE =
      """
      SELECT k.journal_id, k.event_type, k.event_ref, k.occurred_at, k.posted_at, a.code, a.channel, a.creator_id,
        l.direction, l.amount_fen
      FROM (SELECT journal_id, event_type, event_ref, occurred_at, posted_at
            FROM ledger_journals FORCE INDEX (ix_ledger_journals_creator)
            WHERE creator_id = ? AND posted_at >= ? AND posted_at < ? AND (posted_at > ? OR journal_id > ?) AND seq <= ?
            ORDER BY posted_at, journal_id LIMIT ?) k
      JOIN ledger_lines l ON l.journal_id = k.journal_id
      JOIN ledger_accounts a ON a.account_id = l.account_id
      ORDER BY k.posted_at, k.journal_id, l.line_no
      """;

  private static final String ACCOUNT =
      """
      SELECT account_id FROM ledger_accounts WHERE code = ? AND channel = '' AND creator_id = ? AND book = ?
      """;

  private static final String FIRST =
      """
      SELECT posted_at FROM ledger_lines FORCE INDEX (ix_ledger_lines_account)
      WHERE account_id = ? ORDER BY posted_at LIMIT 1
      """;

  private static final String SLICE =
      """
      SELECT CAST(COALESCE(SUM(CASE WHEN direction = ? THEN amount_fen ELSE -amount_fen END), 0) AS SIGNED) AS n
      FROM ledger_lines FORCE INDEX (ix_ledger_lines_account) WHERE account_id = ? AND posted_at >= ? AND posted_at < ?
      """;

  /** The number of the last journal of the creator's book: up to it nothing changes any more. */
  public long lastSeq(Sql sql, long creatorId) {
    return sql.row(
            "SELECT COALESCE(MAX(seq), 0) AS n FROM ledger_journals WHERE book = ?",
            Books.of(creatorId))
        .orElseThrow()
        .getLong("n");
  }

  /** Where a page begins: after this journal. */
  public record Place(Instant postedAt, long journalId) {
    public static Place before(Instant from) {
      return new Place(from, 0);
    }

    public static Place after(JournalView journal) {
      return new Place(journal.postedAt(), journal.journalId());
    }
  }

  /**
   * The creator's next journals in the order in which they were posted.
   *
   * @param before journals posted at this time and later are left out
   * @param lastSeq so are those with a higher number
   */
  public List<JournalView> page(
      Sql sql, long creatorId, Place place, Instant before, long lastSeq, int limit) {
    List<JournalView> journals = new ArrayList<>();
    for (Row row :
        sql.rows(
            PAGE,
            creatorId,
            place.postedAt(),
            before,
            place.postedAt(),
            place.journalId(),
            lastSeq,
            limit)) {
      long id = row.getLong("journal_id");
      if (journals.isEmpty() || journals.getLast().journalId() != id) {
        journals.add(journal(id, row));
      }
      journals.getLast().lines().add(line(row));
    }
    return journals;
  }

  private static JournalView journal(long id, Row row) {
    return new JournalView(
        id,
        JournalType.valueOf(row.getString("event_type").toUpperCase(java.util.Locale.ROOT)),
        row.getString("event_ref"),
        Rows.instant(row, "occurred_at"),
        Rows.instant(row, "posted_at"),
        new ArrayList<>(4));
  }

  private static Line line(Row row) {
    Account account =
        new Account(
            AccountCode.of(row.getString("code")),
            row.getString("channel"),
            row.getLong("creator_id"));
    return new Line(account, Side.valueOf(row.getString("direction")), row.getLong("amount_fen"));
  }

  /** The creator's balances before {@code at}, each in its normal direction, from the lines. */
  public Map<AccountCode, Long> balancesBefore(Sql sql, long creatorId, Instant at) {
    Map<AccountCode, Long> balances = new EnumMap<>(AccountCode.class);
    for (AccountCode code : BALANCES) {
      Optional<Row> account = sql.row(ACCOUNT, code.literal(), creatorId, Books.of(creatorId));
      balances.put(
          code, account.isEmpty() ? 0 : before(sql, account.get().getLong("account_id"), code, at));
    }
    return balances;
  }

  private static long before(Sql sql, long accountId, AccountCode code, Instant at) {
    Optional<Row> first = sql.row(FIRST, accountId);
    long sum = 0;
    Instant from = first.map(row -> Rows.instant(row, "posted_at")).orElse(at);
    while (from.isBefore(at)) {
      Instant next = from.plus(SLICE_DAYS, ChronoUnit.DAYS);
      Instant to = next.isBefore(at) ? next : at;
      sum +=
          sql.row(SLICE, code.normalSide().name(), accountId, from, to).orElseThrow().getLong("n");
      from = to;
    }
    return sum;
  }
}
