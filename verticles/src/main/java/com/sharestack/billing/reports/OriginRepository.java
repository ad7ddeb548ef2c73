package com.sharestack.billing.reports;

import com.sharestack.billing.ledger.JournalType;
import com.sharestack.billing.ledger.JournalView;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what journals were about: the earning line of the same event tells. Amounts never come from
 * there: they are the journal's.
 */
final class OriginRepository {

  /** One statement for every size: the list is filled up with its last reference. */
  private static final int BATCH = 200;

  private static final String BY_EVENT =
      """
      SELECT ref, income, plan_name FROM earning_lines WHERE kind = ? AND ref IN (%s)
      """
          .formatted(Rows.marks(BATCH));

  /**
   * @return by journal id; one for every journal that sells or gives back
   */
  Map<Long, Origin> origins(Sql sql, List<JournalView> journals) {
    Map<String, Map<String, List<Long>>> wanted = new HashMap<>();
    Map<Long, Origin> origins = new HashMap<>();
    for (JournalView journal : journals) {
      String kind = kind(journal.type());
      if (kind != null) {
        origins.put(journal.journalId(), Origin.unknown());
        wanted
            .computeIfAbsent(kind, first -> new HashMap<>())
            .computeIfAbsent(journal.ref(), first -> new ArrayList<>())
            .add(journal.journalId());
      }
    }
    wanted.forEach((kind, refs) -> find(sql, kind, refs, origins));
    return origins;
  }

  /** Kind of the earning line that goes with a journal; null for none. */
  private static String kind(JournalType type) {
    return switch (type) {
      case PAYMENT_COMPLETED -> "sale";
      case REFUND_APPROVED, CHARGEBACK -> "refund";
      case REFUND_REJECTED_BY_CHANNEL_FINAL -> "reversal";
      default -> null;
    };
  }

  private static void find(
      Sql sql, String kind, Map<String, List<Long>> byRef, Map<Long, Origin> origins) {
    List<String> refs = List.copyOf(byRef.keySet());
    for (int from = 0; from < refs.size(); from += BATCH) {
      List<Object> args = new ArrayList<>(BATCH + 1);
      args.add(kind);
      args.addAll(refs.subList(from, Math.min(refs.size(), from + BATCH)));
      args.addAll(Collections.nCopies(BATCH + 1 - args.size(), args.getLast()));
      for (Row row : sql.rows(BY_EVENT, args.toArray())) {
        Origin origin = Origin.of(row.getString("income"), row.getString("plan_name"));
        byRef.get(row.getString("ref")).forEach(journal -> origins.put(journal, origin));
      }
    }
  }
}
