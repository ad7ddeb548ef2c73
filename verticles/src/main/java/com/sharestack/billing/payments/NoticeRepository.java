package com.sharestack.billing.payments;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tables channel_notices and channel_refusals. */
final class NoticeRepository {

  private static final int DETAIL_LENGTH = 200;
  private static final String SELECT =
      """
      SELECT notice_id, channel, kind, digest, content, state, attempts FROM channel_notices
      """;

  /** A notification as kept. */
  record Kept(
      long id,
      String channel,
      String kind,
      String digest,
      JsonObject content,
      boolean done,
      int attempts) {}

  Optional<Kept> find(Sql sql, String channel, String notificationId) {
    return sql.row(SELECT + "WHERE channel = ? AND notification_id = ?", channel, notificationId)
        .map(NoticeRepository::kept);
  }

  /** Locks the notice; everybody else who has the same one waits. */
  Optional<Kept> lock(Tx tx, long id) {
    return tx.row(SELECT + "WHERE notice_id = ? FOR UPDATE", id).map(NoticeRepository::kept);
  }

  /**
   * @throws com.sharestack.platform.db.DuplicateKeyException it is here already
   */
  long insert(
      Sql sql,
      String channel,
      String notificationId,
      String digest,
      String kind,
      String eventType,
      JsonObject content,
      byte[] sealedBody,
      Instant now,
      Instant nextAttempt) {
    return sql.insert(
        """
        INSERT INTO channel_notices (channel, notification_id, digest, kind, event_type, content,
          raw, next_attempt_at, received_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        channel,
        notificationId,
        digest,
        kind,
        eventType,
        content,
        Buffer.buffer(sealedBody),
        nextAttempt,
        now);
  }

  void done(Tx tx, long id, String outcome, Instant now) {
    tx.update(
        """
        UPDATE channel_notices SET state = 'done', outcome = ?, processed_at = ?,
          next_attempt_at = NULL, last_error = NULL
        WHERE notice_id = ?
        """,
        outcome,
        now,
        id);
  }

  void failed(Sql sql, long id, String error, Instant next, boolean dead) {
    sql.update(
        """
        UPDATE channel_notices SET state = CASE WHEN ? THEN 'dead' ELSE state END,
          next_attempt_at = ?, last_error = ?
        WHERE notice_id = ? AND state <> 'done'
        """,
        dead,
        dead ? null : next,
        shortened(error),
        id);
  }

  List<Kept> claimDue(Tx tx, Instant now, Instant until, int limit) {
    List<Row> due =
        tx.rows(
            SELECT
                + """
                WHERE next_attempt_at <= ? ORDER BY next_attempt_at, notice_id LIMIT ?
                FOR UPDATE SKIP LOCKED
                """,
            now,
            limit);
    if (due.isEmpty()) {
      return List.of();
    }
    List<Object> args = new ArrayList<>();
    args.add(until);
    due.forEach(row -> args.add(row.getLong("notice_id")));
    tx.update(
        """
        UPDATE channel_notices SET next_attempt_at = ?, attempts = attempts + 1
        WHERE notice_id IN (%s)
        """
            .formatted(Rows.marks(due.size())),
        args.toArray());
    return due.stream().map(NoticeRepository::kept).toList();
  }

  /** Bodies older than a year go; what they led to stays. */
  int dropBodies(Sql sql, Instant before, int limit) {
    return sql.update(
        """
        UPDATE channel_notices SET raw = NULL WHERE received_at < ? AND raw IS NOT NULL LIMIT ?
        """,
        before,
        limit);
  }

  void refuse(Sql sql, String channel, String reason, String detail, String ip, Instant now) {
    sql.insert(
        """
        INSERT INTO channel_refusals (channel, reason, detail, ip, received_at) VALUES (?, ?, ?, ?, ?)
        """,
        channel,
        reason,
        shortened(detail),
        ip,
        now);
  }

  private static String shortened(String text) {
    String known = text == null ? "" : text;
    return known.length() <= DETAIL_LENGTH ? known : known.substring(0, DETAIL_LENGTH);
  }

  private static Kept kept(Row row) {
    return new Kept(
        row.getLong("notice_id"),
        row.getString("channel"),
        row.getString("kind"),
        row.getString("digest"),
        Rows.json(row, "content"),
        "done".equals(row.getString("state")),
        row.getInteger("attempts"));
  }
}
