package com.sharestack.billing;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables plan_counts and creator_counts: users with access, changed in the transaction that gives
 * or ends it. The creator's row is always taken first, so that two changes of one creator cannot
 * lock each other out.
 */
final class CounterRepository {

  private static final Logger LOG = LoggerFactory.getLogger(CounterRepository.class);

  /** Takes the creator's row, made when it is missing, until the transaction ends. */
  void lockCreator(Tx tx, long creatorId) {
    tx.update(
        """
        INSERT INTO creator_counts (creator_id) VALUES (?)
        ON DUPLICATE KEY UPDATE creator_id = VALUES(creator_id)
        """,
        creatorId);
  }

  void accessBegan(Tx tx, long creatorId, long planId, boolean priced) {
    int paid = priced ? 1 : 0;
    tx.update(
        """
        INSERT INTO creator_counts (creator_id, subscriber_count, paid_subscriber_count)
        VALUES (?, 1, ?)
        ON DUPLICATE KEY UPDATE subscriber_count = subscriber_count + 1,
          paid_subscriber_count = paid_subscriber_count + VALUES(paid_subscriber_count)
        """,
        creatorId,
        paid);
    tx.update(
        """
        INSERT INTO plan_counts (plan_id, subscriber_count) VALUES (?, 1)
        ON DUPLICATE KEY UPDATE subscriber_count = subscriber_count + 1
        """,
        planId);
  }

  /** A counter that would fall below zero stays and is reported: it had drifted before. */
  void accessEnded(Tx tx, long creatorId, long planId, boolean priced) {
    int paid = priced ? 1 : 0;
    int creators =
        tx.update(
            """
            UPDATE creator_counts
            SET paid_subscriber_count = paid_subscriber_count - ?,
              subscriber_count = subscriber_count - 1
            WHERE creator_id = ? AND paid_subscriber_count >= ?
              AND subscriber_count > paid_subscriber_count - ?
            """,
            paid,
            creatorId,
            paid,
            paid);
    int plans =
        tx.update(
            """
            UPDATE plan_counts SET subscriber_count = subscriber_count - 1
            WHERE plan_id = ? AND subscriber_count > 0
            """,
            planId);
    if (creators == 0 || plans == 0) {
      LOG.error("subscriber counters of creator {} or plan {} had drifted", creatorId, planId);
    }
  }

  /** Creators nobody ever subscribed to are left out. */
  Map<Long, Long> subscribers(Sql sql, List<Long> creatorIds) {
    return sql
        .rows(
            "SELECT creator_id, subscriber_count FROM creator_counts WHERE creator_id IN (%s)"
                .formatted(Rows.marks(creatorIds.size())),
            creatorIds.toArray())
        .stream()
        .collect(
            Collectors.toMap(
                (Row row) -> row.getLong("creator_id"),
                (Row row) -> row.getLong("subscriber_count")));
  }
}
