package com.sharestack.social;

import com.sharestack.contract.MessageSettings;
import com.sharestack.contract.WhoCanMessageSetting;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Table message_settings. */
final class SettingsRepository {

  static final MessageSettings DEFAULT =
      MessageSettings.builder()
          .whoCanMessage(WhoCanMessageSetting.EVERYONE)
          .readReceiptsEnabled(true)
          .typingEnabled(true)
          .filterKeywords(List.of())
          .build();

  /** Of all these users; who has no row has the defaults. */
  Map<Long, Wishes> of(Sql sql, Collection<Long> users) {
    Map<Long, Wishes> settings = new HashMap<>();
    if (users.isEmpty()) {
      return settings;
    }
    users.forEach(user -> settings.put(user, Wishes.DEFAULT));
    Object[] padded = Batch.padded(users);
    sql.rows(
            """
            SELECT user_id, who_can_message, read_receipts_enabled, typing_enabled
            FROM message_settings WHERE user_id IN (%s)
            """
                .formatted(Rows.marks(padded.length)),
            padded)
        .forEach(
            row ->
                settings.put(
                    row.getLong("user_id"),
                    new Wishes(
                        WhoCanMessage.of(row.getString("who_can_message")),
                        Rows.flag(row, "read_receipts_enabled"),
                        Rows.flag(row, "typing_enabled"))));
    return settings;
  }

  MessageSettings whole(Sql sql, long user) {
    return sql.row(
            """
            SELECT who_can_message, read_receipts_enabled, typing_enabled, filter_keywords,
              auto_archive_days
            FROM message_settings WHERE user_id = ?
            """,
            user)
        .map(SettingsRepository::settings)
        .orElse(DEFAULT);
  }

  private static MessageSettings settings(Row row) {
    JsonArray keywords = Rows.jsonArray(row, "filter_keywords");
    return MessageSettings.builder()
        .whoCanMessage(WhoCanMessageSetting.of(row.getString("who_can_message")))
        .readReceiptsEnabled(Rows.flag(row, "read_receipts_enabled"))
        .typingEnabled(Rows.flag(row, "typing_enabled"))
        .filterKeywords(
            keywords == null ? List.of() : keywords.stream().map(String::valueOf).toList())
        .autoArchiveDays(row.getInteger("auto_archive_days"))
        .build();
  }

  void store(Tx tx, long user, MessageSettings settings, Instant now) {
    tx.update(
        """
        REPLACE INTO message_settings (user_id, who_can_message, read_receipts_enabled,
          typing_enabled, filter_keywords, auto_archive_days, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        user,
        settings.whoCanMessage(),
        settings.readReceiptsEnabled(),
        settings.typingEnabled(),
        new JsonArray(settings.filterKeywords()),
        settings.autoArchiveDays(),
        now);
  }

  /** User -> days, of users above {@code after} who want idle conversations archived. */
  Map<Long, Integer> archivers(Sql sql, long after, int most) {
    Map<Long, Integer> days = new java.util.TreeMap<>();
    sql.rows(
            """
            SELECT user_id, auto_archive_days FROM message_settings
            WHERE auto_archive_days IS NOT NULL AND user_id > ? ORDER BY user_id LIMIT ?
            """,
            after,
            most)
        .forEach(row -> days.put(row.getLong("user_id"), row.getInteger("auto_archive_days")));
    return days;
  }
}
