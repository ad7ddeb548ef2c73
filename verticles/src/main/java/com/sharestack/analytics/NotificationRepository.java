package com.sharestack.analytics;

import com.sharestack.contract.Notification;
import com.sharestack.contract.NotificationMetadata;
import com.sharestack.contract.NotificationSummary;
import com.sharestack.contract.NotificationType;
import com.sharestack.contract.UnreadByType;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Table notifications. */
class NotificationRepository {

  /** No count goes further, no page lies deeper: what is beyond is history nobody pages to. */
  static final int MOST_COUNTED = 10_000;

  static final String NEWEST =
      """
      SELECT r.user_id,
        (SELECT n.created_at FROM notifications n FORCE INDEX (ix_notifications_list)
          WHERE n.user_id = r.user_id AND n.deleted_at IS NULL
          ORDER BY n.user_id DESC, n.deleted_at DESC, n.created_at DESC LIMIT 1) AS newest_at
      FROM JSON_TABLE(?, '$[*]' COLUMNS (user_id BIGINT PATH '$')) r
      """;

  private static final String COLUMNS =
      """
      user_id, type, event_name, priority, source_event_id, title, content, action_url, metadata,
      first_created_at, created_at
      """;

  /**
   * Which of a reader's notifications.
   *
   * @param read null = both
   * @param type null = all
   */
  record Filter(long userId, Boolean read, NotificationType type) {

    /**
     * The table with the index that holds the rows in the order of the list. It is named because
     * optimizers guess wrong about readers who own much of the table.
     */
    String source() {
      if (type == null) {
        return "notifications FORCE INDEX ("
            + (read == null ? "ix_notifications_list)" : "ix_notifications_unread)");
      }
      return "notifications FORCE INDEX ("
          + (read == null ? "ix_notifications_type)" : "ix_notifications_unread_type)");
    }

    String where() {
      return "user_id = ? AND deleted_at IS NULL"
          + (read == null ? "" : " AND is_read = ?")
          + (type == null ? "" : " AND type = ?");
    }

    List<Object> args() {
      List<Object> args = new ArrayList<>(5);
      args.add(userId);
      if (read != null) {
        args.add(read);
      }
      if (type != null) {
        args.add(type);
      }
      return args;
    }
  }

  /**
   * The open row of a merge key, locked.
   *
   * @param mergeUntil null: as long as it is unread
   */
  record Open(long id, Instant mergeUntil, NotificationMetadata metadata) {

    boolean takes(Instant at) {
      return mergeUntil == null || at.isBefore(mergeUntil);
    }
  }

  /** The page's keys from the index alone, then its rows. */
  static String pageSql(Filter filter) {
    return """
    SELECT n.notification_id, n.type, n.title, n.content, n.is_read, n.created_at, n.read_at,
      n.action_url, n.metadata
    FROM (
      SELECT notification_id, created_at FROM %s
      WHERE %s
      ORDER BY created_at DESC, notification_id DESC
      LIMIT ? OFFSET ?) k
    JOIN notifications n ON n.notification_id = k.notification_id
    ORDER BY k.created_at DESC, k.notification_id DESC
    """
        .formatted(filter.source(), filter.where());
  }

  static String countSql(Filter filter) {
    return "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM "
        + filter.source()
        + " WHERE "
        + filter.where()
        + " LIMIT ?) counted";
  }

  List<Notification> page(Sql sql, Filter filter, int limit, long offset) {
    List<Object> args = filter.args();
    args.add(limit);
    args.add(offset);
    return sql.rows(pageSql(filter), args.toArray()).stream()
        .map(NotificationRepository::notification)
        .toList();
  }

  /** At most {@link #MOST_COUNTED}. */
  long count(Sql sql, Filter filter) {
    List<Object> args = filter.args();
    args.add(MOST_COUNTED);
    return sql.row(countSql(filter), args.toArray()).orElseThrow().getLong("n");
  }

  /** Counts of all, unread and today's, each at most {@link #MOST_COUNTED}. */
  NotificationSummary summary(Sql sql, long userId, Instant today) {
    Row row =
        sql.row(
                """
                SELECT
                  (SELECT COUNT(*) FROM (SELECT 1 AS one FROM notifications
                    FORCE INDEX (ix_notifications_list)
                    WHERE user_id = ? AND deleted_at IS NULL LIMIT ?) a) AS total,
                  (SELECT COUNT(*) FROM (SELECT 1 AS one FROM notifications
                    FORCE INDEX (ix_notifications_unread)
                    WHERE user_id = ? AND deleted_at IS NULL AND is_read = 0 LIMIT ?) b) AS unread,
                  (SELECT COUNT(*) FROM (SELECT 1 AS one FROM notifications
                    FORCE INDEX (ix_notifications_list)
                    WHERE user_id = ? AND deleted_at IS NULL AND created_at >= ? LIMIT ?) c) AS today
                """,
                userId,
                MOST_COUNTED,
                userId,
                MOST_COUNTED,
                userId,
                today,
                MOST_COUNTED)
            .orElseThrow();
    return new NotificationSummary(
        row.getLong("total"), row.getLong("unread"), row.getLong("today"));
  }

  /** Time of each reader's newest notification; empty where there is none. */
  Map<Long, Optional<Instant>> newest(Sql sql, List<Long> userIds) {
    return sql.rows(NEWEST, new JsonArray(userIds)).stream()
        .collect(
            Collectors.toMap(
                row -> row.getLong("user_id"),
                row -> Optional.ofNullable(Rows.instant(row, "newest_at")),
                (one, same) -> one));
  }

  UnreadByType unread(Sql sql, long userId) {
    Map<String, Long> counts =
        sql
            .rows(
                """
                SELECT type, COUNT(*) AS n FROM (
                  SELECT type FROM notifications FORCE INDEX (ix_notifications_unread_type)
                  WHERE user_id = ? AND deleted_at IS NULL AND is_read = 0 LIMIT ?) unread
                GROUP BY type
                """,
                userId,
                MOST_COUNTED)
            .stream()
            .collect(Collectors.toMap(row -> row.getString("type"), row -> row.getLong("n")));
    return new UnreadByType(
        counts.getOrDefault("system", 0L),
        counts.getOrDefault("content", 0L),
        counts.getOrDefault("social", 0L),
        counts.getOrDefault("payment", 0L));
  }

  /** One row for each reader who has none of this event yet, in one statement. */
  void insertForAll(Tx tx, Draft draft, List<Long> userIds) {
    if (userIds.isEmpty()) {
      return;
    }
    tx.update(
        "INSERT INTO notifications ("
            + COLUMNS
            + """
            )
            SELECT r.user_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
            FROM JSON_TABLE(?, '$[*]' COLUMNS (user_id BIGINT PATH '$')) r
            ON DUPLICATE KEY UPDATE source_event_id = notifications.source_event_id
            """,
        draft.kind().type(),
        draft.kind().event(),
        draft.kind().priority(),
        draft.sourceEventId(),
        draft.title(),
        draft.content(),
        draft.actionUrl(),
        draft.metadata(),
        draft.at(),
        draft.at(),
        new JsonArray(userIds));
  }

  Optional<Open> lockOpen(Tx tx, long userId, String mergeKey) {
    return tx.row(
            """
            SELECT notification_id, merge_until, metadata FROM notifications
            WHERE user_id = ? AND open_merge_key = ? FOR UPDATE
            """,
            userId,
            mergeKey)
        .map(
            row ->
                new Open(
                    row.getLong("notification_id"),
                    Rows.instant(row, "merge_until"),
                    Rows.record(row, "metadata", NotificationMetadata.class)));
  }

  /** The row stays as it is; the next action of its kind starts another one. */
  void closeMerge(Tx tx, long id) {
    tx.update("UPDATE notifications SET merge_key = NULL WHERE notification_id = ?", id);
  }

  /**
   * @param mergeUntil null: as long as it is unread
   * @throws com.sharestack.platform.db.DuplicateKeyException somebody else opened one meanwhile
   */
  void insertOpen(
      Tx tx, long userId, String mergeKey, Instant mergeUntil, Merged text, Instant at) {
    NotificationKind kind = text.kind();
    tx.insert(
        """
        INSERT INTO notifications (user_id, type, event_name, priority, merge_key, merge_until, title,
          content, action_url, metadata, first_created_at, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        userId,
        kind.type(),
        kind.event(),
        kind.priority(),
        mergeKey,
        mergeUntil,
        text.title(),
        text.content(),
        text.actionUrl(),
        text.metadata(),
        at,
        at);
  }

  void grow(Tx tx, long id, Merged text, Instant at) {
    tx.update(
        """
        UPDATE notifications SET title = ?, content = ?, metadata = ?, action_count = ?,
          created_at = GREATEST(created_at, ?)
        WHERE notification_id = ?
        """,
        text.title(),
        text.content(),
        text.metadata(),
        text.metadata().count(),
        at,
        id);
  }

  /**
   * @return whether this call marked it: it is the reader's, not deleted, and was unread
   */
  boolean markRead(Sql sql, long userId, long id, Instant now) {
    return sql.update(
            """
            UPDATE notifications SET is_read = 1, read_at = ?
            WHERE notification_id = ? AND user_id = ? AND deleted_at IS NULL AND is_read = 0
            """,
            now,
            id,
            userId)
        == 1;
  }

  /** When it was read; empty when it is unread, deleted or not the reader's. */
  Optional<Instant> readAt(Sql sql, long userId, long id) {
    return sql.row(
            """
            SELECT read_at FROM notifications
            WHERE notification_id = ? AND user_id = ? AND deleted_at IS NULL AND is_read = 1
            """,
            id,
            userId)
        .map(row -> Rows.instant(row, "read_at"));
  }

  static String markAllReadSql(Filter unread) {
    return "UPDATE "
        + unread.source()
        + " SET is_read = 1, read_at = ? WHERE "
        + unread.where()
        + " AND created_at <= ? LIMIT ?";
  }

  /**
   * Marks unread notifications up to {@code now} read, {@code most} at a time so that no statement
   * holds many locks.
   *
   * @return how many this call marked
   */
  int markAllRead(Sql sql, long userId, NotificationType type, Instant now, int most) {
    Filter unread = new Filter(userId, false, type);
    List<Object> args = new ArrayList<>();
    args.add(now);
    args.addAll(unread.args());
    args.add(now);
    args.add(most);
    return sql.update(markAllReadSql(unread), args.toArray());
  }

  /**
   * @return false when it is not the reader's or was deleted before
   */
  boolean delete(Sql sql, long userId, long id, Instant now) {
    return sql.update(
            """
            UPDATE notifications SET deleted_at = ?
            WHERE notification_id = ? AND user_id = ? AND deleted_at IS NULL
            """,
            now,
            id,
            userId)
        == 1;
  }

  private static Notification notification(Row row) {
    return Notification.builder()
        .notificationId(row.getLong("notification_id"))
        .type(NotificationType.of(row.getString("type")))
        .title(row.getString("title"))
        .content(row.getString("content"))
        .isRead(Rows.flag(row, "is_read"))
        .createdAt(Rows.instant(row, "created_at"))
        .readAt(Rows.instant(row, "read_at"))
        .actionUrl(row.getString("action_url"))
        .metadata(Rows.record(row, "metadata", NotificationMetadata.class))
        .build();
  }
}
