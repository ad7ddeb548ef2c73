package com.sharestack.billing.ledger;

import com.sharestack.platform.db.Sql;
import java.time.Instant;

/** A creator's accounts as he sees them; reads without locks. */
public final class CreatorAccountRepository {

  /** Each hold_released debits creator_pending once; its lines on tax_payable say the tax. */
  static final String WITHHELD =
      """
      SELECT COALESCE(SUM(CASE t.direction WHEN 'C' THEN t.amount_fen ELSE -t.amount_fen END), 0) AS fen
      FROM ledger_accounts a
      JOIN ledger_lines p ON p.account_id = a.account_id AND p.posted_at >= ? AND p.posted_at < ?
        AND p.direction = 'D'
      JOIN ledger_journals j ON j.journal_id = p.journal_id AND j.event_type = 'hold_released'
      JOIN ledger_lines t ON t.journal_id = j.journal_id
      JOIN ledger_accounts x ON x.account_id = t.account_id AND x.code = 'tax_payable'
      WHERE a.code = 'creator_pending' AND a.channel = '' AND a.creator_id = ? AND a.book = ?
      """;

  static final String WITHDRAWN =
      """
      SELECT COALESCE(SUM(CASE l.direction WHEN 'D' THEN l.amount_fen ELSE -l.amount_fen END), 0) AS fen
      FROM ledger_accounts a
      JOIN ledger_lines l ON l.account_id = a.account_id
      JOIN ledger_journals j ON j.journal_id = l.journal_id
      WHERE a.code IN ('creator_frozen', 'creator_available') AND a.channel = '' AND a.creator_id = ? AND a.book = ?
        AND ((a.code = 'creator_frozen' AND l.direction = 'D' AND j.event_type = 'withdrawal_completed')
          OR (a.code = 'creator_available' AND l.direction = 'C' AND j.event_type = 'withdrawal_returned_by_bank'))
      """;

  private final LedgerRepository ledger = new LedgerRepository();

  /** All four in one statement, so of one moment. */
  public CreatorBalances balances(Sql sql, long creatorId) {
    return ledger.balances(sql, creatorId, Books.of(creatorId));
  }

  /**
   * Income tax withheld by settlements that were completed from {@code from} to {@code until}
   * (exclusive); below zero when more was given back.
   */
  public long withheldFen(Sql sql, long creatorId, Instant from, Instant until) {
    return sql.row(WITHHELD, from, until, creatorId, Books.of(creatorId))
        .orElseThrow()
        .getLong("fen");
  }

  /** Paid out so far, fees included, less what banks returned. */
  public long withdrawnFen(Sql sql, long creatorId) {
    return sql.row(WITHDRAWN, creatorId, Books.of(creatorId)).orElseThrow().getLong("fen");
  }
}
