package com.sharestack.billing.reports;

import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentMethod;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;

/** A long ledger, as if it had been lived: journals of five lines, none of them chained. */
final class ManyLines {

  static final int LINES = 5;
  private static final int BATCH = 1_000;

  private ManyLines() {}

  /**
   * @param journals at most 1,000,000, over the 60 days before {@link ReportFixture#NOW}
   */
  static void write(ReportFixture fixture, Connection connection, long creator, int journals)
      throws SQLException {
    // makes the accounts
    fixture.post(
        List.of(
            SalePostings.paymentCompleted(
                "pay_first",
                PaymentMethod.WECHAT,
                creator,
                Shares.of(2990, 100, RevenueRates.DEFAULT),
                ReportFixture.NOW)));
    long step = 59L * 86_400 / journals;
    try (Statement statement = connection.createStatement()) {
      for (int from = 0; from < journals; from += BATCH) {
        statement.execute(journals(creator, from, Math.min(journals, from + BATCH), step));
      }
      line(statement, creator, 1, "channel_receivable", 0, "D", 2990);
      line(statement, creator, 2, "marketing_expense", 0, "D", 100);
      line(statement, creator, 3, "creator_pending", creator, "C", 2000);
      line(statement, creator, 4, "creator_pending", creator, "C", 781);
      line(statement, creator, 5, "platform_fee_income", 0, "C", 309);
      statement.execute("ANALYZE TABLE ledger_journals, ledger_lines");
    }
  }

  private static String journals(long creator, int from, int to, long step) {
    String zero = "X'" + "00".repeat(32) + "'";
    Instant first = Instant.parse("2026-09-25T00:00:00Z");
    StringBuilder insert =
        new StringBuilder(
            "INSERT INTO ledger_journals (book, seq, event_type, event_ref, creator_id, occurred_at,"
                + " posted_at, line_count, content_hash, prev_hash, hash) VALUES ");
    for (int n = from; n < to; n++) {
      String at = first.plusSeconds(n * step).toString().replace("T", " ").replace("Z", "");
      insert.append(n == from ? "" : ",").append('(').append(creator % 16).append(',');
      insert.append(1_000_000 + n).append(",'payment_completed','pay_many").append(n).append("',");
      insert.append(creator).append(",'").append(at).append("','").append(at).append("',5,");
      insert.append(String.join(",", zero, zero, zero)).append(')');
    }
    return insert.toString();
  }

  private static void line(
      Statement statement,
      long creator,
      int number,
      String code,
      long owner,
      String direction,
      long fen)
      throws SQLException {
    statement.execute(
        """
        INSERT INTO ledger_lines (journal_id, line_no, account_id, direction, amount_fen, posted_at)
        SELECT j.journal_id, %d, a.account_id, '%s', %d, j.posted_at
        FROM ledger_journals j JOIN ledger_accounts a ON a.code = '%s' AND a.creator_id = %d AND a.book = %d
          AND a.channel IN ('', 'wechat')
        WHERE j.creator_id = %d AND j.seq >= 1000000
        """
            .formatted(number, direction, fen, code, owner, creator % 16, creator));
  }
}
