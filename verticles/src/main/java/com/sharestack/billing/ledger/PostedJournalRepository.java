package com.sharestack.billing.ledger;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;

/** Journals as they were posted, for whoever reverses or checks one. */
public final class PostedJournalRepository {

  private static final String LINES =
      """
      SELECT j.occurred_at, j.creator_id AS owner, l.direction, l.amount_fen, a.code, a.channel, a.creator_id
      FROM ledger_journals j
      JOIN ledger_lines l ON l.journal_id = j.journal_id
      JOIN ledger_accounts a ON a.account_id = l.account_id
      WHERE j.event_type = ? AND j.event_ref = ?
      ORDER BY l.line_no
      """;

  /** Empty when the event was never posted. */
  public Optional<Journal> find(Sql sql, JournalType type, String ref) {
    List<Row> rows = sql.rows(LINES, type.literal(), ref);
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Row first = rows.getFirst();
    Long owner = first.getLong("owner");
    return Optional.of(
        new Journal(
            type,
            ref,
            Rows.instant(first, "occurred_at"),
            owner == null ? 0 : owner,
            rows.stream().map(PostedJournalRepository::line).toList()));
  }

  private static Line line(Row row) {
    return new Line(
        new Account(
            AccountCode.of(row.getString("code")),
            row.getString("channel"),
            row.getLong("creator_id")),
        Side.valueOf(row.getString("direction")),
        row.getLong("amount_fen"));
  }
}
