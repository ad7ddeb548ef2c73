package com.sharestack.billing.ledger;

import com.sharestack.billing.ledger.TrialBalance.Difference;
import com.sharestack.billing.ledger.TrialBalance.Total;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Balances and turnover of every account, from the lines, not from stored balances
 * (admin.finance.trial_balance). A journal counts at the time it was posted, which never changes
 * afterwards: a closed day stays as it was.
 */
public final class TrialBalances {

  /** Most differences listed; more of them are one disaster. */
  static final int MAX_DIFFERENCES = 100;

  private static final String TOTALS =
      """
      SELECT a.code, CAST(SUM(t.opening) AS SIGNED) AS opening, CAST(SUM(t.debit) AS SIGNED) AS debit,
        CAST(SUM(t.credit) AS SIGNED) AS credit
      FROM (
        SELECT account_id,
          SUM(CASE WHEN posted_at >= ? THEN 0 WHEN direction = 'D' THEN amount_fen ELSE -amount_fen END) AS opening,
          SUM(CASE WHEN posted_at >= ? AND direction = 'D' THEN amount_fen ELSE 0 END) AS debit,
          SUM(CASE WHEN posted_at >= ? AND direction = 'C' THEN amount_fen ELSE 0 END) AS credit
        FROM ledger_lines FORCE INDEX (ix_ledger_lines_account) WHERE posted_at < ? GROUP BY account_id
      ) t JOIN ledger_accounts a ON a.account_id = t.account_id
      GROUP BY a.code
      """;

  private static final String DIFFERENCES =
      """
      SELECT a.code, a.channel, a.creator_id, a.balance_fen, COALESCE(s.raised, 0) AS computed
      FROM ledger_accounts a LEFT JOIN (
        SELECT l.account_id, CAST(SUM(CASE WHEN l.direction = x.side THEN l.amount_fen ELSE -l.amount_fen END) AS SIGNED)
          AS raised
        FROM ledger_lines l JOIN ledger_accounts x ON x.account_id = l.account_id GROUP BY l.account_id
      ) s ON s.account_id = a.account_id
      WHERE a.balance_fen <> COALESCE(s.raised, 0)
      ORDER BY a.account_id LIMIT ?
      """;

  /**
   * @return the day of Asia/Shanghai: opening at its start, its turnover, closing at its end
   */
  public TrialBalance day(Sql sql, LocalDate day) {
    return between(sql, start(day), start(day.plusDays(1)));
  }

  /**
   * @return everything up to {@code asOf}: opening zero, all turnover, the balances at that time
   */
  public TrialBalance asOf(Sql sql, Instant asOf) {
    return between(sql, Instant.EPOCH, asOf);
  }

  /**
   * @param from first moment of the span
   * @param to first moment after it
   */
  public TrialBalance between(Sql sql, Instant from, Instant to) {
    Map<AccountCode, Total> totals = new EnumMap<>(AccountCode.class);
    for (AccountCode code : AccountCode.values()) {
      totals.put(code, new Total(code, 0, 0, 0, 0));
    }
    for (Row row : sql.rows(TOTALS, from, from, from, to)) {
      AccountCode code = AccountCode.of(row.getString("code"));
      long sign = code.normalSide() == Side.D ? 1 : -1;
      long opening = sign * row.getLong("opening");
      long debit = row.getLong("debit");
      long credit = row.getLong("credit");
      totals.put(code, new Total(code, opening, debit, credit, opening + sign * (debit - credit)));
    }
    return new TrialBalance(from, to, new ArrayList<>(totals.values()));
  }

  /** Stored balances that are not the sum of their lines, now; there must be none. At most 100. */
  public List<Difference> differences(Sql sql) {
    List<Difference> differences = new ArrayList<>();
    for (Row row : sql.rows(DIFFERENCES, MAX_DIFFERENCES)) {
      Account account =
          new Account(
              AccountCode.of(row.getString("code")),
              row.getString("channel"),
              row.getLong("creator_id"));
      differences.add(
          new Difference(
              account.code(),
              account.ownerId(),
              row.getLong("balance_fen"),
              row.getLong("computed")));
    }
    return differences;
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(Periods.ZONE).toInstant();
  }
}
