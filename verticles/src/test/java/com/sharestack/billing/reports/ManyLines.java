package com.sharestack.billing.reports;

import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentMethod;
import java.sql.Connection;
import java.sql.ResultSet;
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
      for (int from = 0; from < journals; from += BATCH) {
        lines(statement, creator, from, Math.min(journals, from + BATCH));
      }
      statement.execute("ANALYZE TABLE ledger_journals, ledger_lines");
    }
  }

  private static String journals(long creator, int from, int to, long step) {
    String zero = "X'" + "00".repeat(32) + "'";
    Instant first = Instant.parse("2026-09-25T00:00:00Z");
    StringBuilder insert =
        new StringBuilder(
            "INSERT INTO ledger_journals (book, seq, event_type, event_ref, creator_id,"
                + " occurred_at, posted_at, line_count, content_hash, prev_hash, hash) VALUES ");
    for (int n = from; n < to; n++) {
      String at = first.plusSeconds(n * step).toString().replace("T", " ").replace("Z", "");
      insert.append(n == from ? "" : ",").append('(').append(creator % 16).append(',');
      insert.append(1_000_000 + n).append(",'payment_completed','pay_many").append(n).append("',");
      insert.append(creator).append(",'").append(at).append("','").append(at).append("',5,");
      insert.append(String.join(",", zero, zero, zero)).append(')');
    }
    return insert.toString();
  }

  /** channel 2990 + marketing 100 = pending 2000 + 781 + fee 309. */
  private static void lines(Statement statement, long creator, int from, int to)
      throws SQLException {
    long book = creator % 16;
    long[] accounts = {
      account(statement, "channel_receivable", "wechat", 0, book),
      account(statement, "marketing_expense", "", 0, book),
      account(statement, "creator_pending", "", creator, book),
      account(statement, "creator_pending", "", creator, book),
      account(statement, "platform_fee_income", "", 0, book)
    };
    int[] fen = {2990, 100, 2000, 781, 309};
    StringBuilder insert =
        new StringBuilder(
            "INSERT INTO ledger_lines (journal_id, line_no, account_id, direction, amount_fen,"
                + " posted_at) VALUES ");
    try (ResultSet journals =
        statement.executeQuery(
            "SELECT journal_id, CAST(posted_at AS CHAR) FROM ledger_journals WHERE book = %d AND seq >= %d AND seq < %d"
                .formatted(book, 1_000_000 + from, 1_000_000 + to))) {
      String comma = "";
      while (journals.next()) {
        for (int i = 0; i < LINES; i++) {
          insert.append(comma).append('(').append(journals.getLong(1)).append(',').append(i + 1);
          insert.append(',').append(accounts[i]).append(i < 2 ? ",'D'," : ",'C',").append(fen[i]);
          insert.append(",'").append(journals.getString(2)).append("')");
          comma = ",";
        }
      }
    }
    statement.execute(insert.toString());
  }

  private static long account(
      Statement statement, String code, String channel, long owner, long book) throws SQLException {
    try (ResultSet found =
        statement.executeQuery(
            "SELECT account_id FROM ledger_accounts WHERE code = '%s' AND channel = '%s' AND creator_id = %d AND book = %d"
                .formatted(code, channel, owner, book))) {
      found.next();
      return found.getLong(1);
    }
  }
}
