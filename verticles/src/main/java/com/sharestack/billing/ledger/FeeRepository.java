package com.sharestack.billing.ledger;

import com.sharestack.contract.PaymentMethod;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Channel fees as the journal has them. */
public final class FeeRepository {

  private static final String CORRECTION = "~2";

  /**
   * Fees that were expected when the payments completed.
   *
   * @param paymentIds pay_ ids
   */
  public Map<String, Long> accrued(Sql sql, Collection<String> paymentIds) {
    return fees(sql, JournalType.CHANNEL_FEE_ACCRUED, paymentIds);
  }

  /**
   * What lines of bills changed, corrections included.
   *
   * @param lines as given to {@link PlatformPostings#channelFeeAdjusted}
   */
  public Map<String, Long> adjusted(Sql sql, PaymentMethod channel, Collection<String> lines) {
    Map<String, Long> byLine = new HashMap<>();
    int prefix = SalePostings.channelRef(channel, "").length();
    fees(
            sql,
            JournalType.CHANNEL_FEE_ADJUSTED,
            lines.stream()
                .flatMap(line -> Stream.of(line, correction(line)))
                .map(line -> SalePostings.channelRef(channel, line))
                .toList())
        .forEach(
            (ref, fen) ->
                byLine.merge(
                    ref.substring(
                        prefix,
                        ref.endsWith(CORRECTION)
                            ? ref.length() - CORRECTION.length()
                            : ref.length()),
                    fen,
                    Long::sum));
    return byLine;
  }

  /** Name of a line whose fee was adjusted before and is another in a later bill of the day. */
  public static String correction(String line) {
    return line + CORRECTION;
  }

  private static Map<String, Long> fees(Sql sql, JournalType type, Collection<String> refs) {
    if (refs.isEmpty()) {
      return Map.of();
    }
    List<Object> args = new ArrayList<>();
    args.add(type.literal());
    args.addAll(refs);
    Map<String, Long> found = new HashMap<>();
    sql.rows(
            """
            SELECT j.event_ref, CAST(SUM(CASE l.direction WHEN 'D' THEN l.amount_fen ELSE -l.amount_fen END) AS SIGNED) AS fen
            FROM ledger_journals j
            JOIN ledger_lines l ON l.journal_id = j.journal_id
            JOIN ledger_accounts a ON a.account_id = l.account_id
            WHERE j.event_type = ? AND j.event_ref IN (%s) AND a.code = 'channel_fee_expense'
            GROUP BY j.event_ref
            """
                .formatted(Rows.marks(refs.size())),
            args.toArray())
        .forEach(row -> found.put(row.getString("event_ref"), row.getLong("fen")));
    return found;
  }
}
