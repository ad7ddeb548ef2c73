package com.sharestack.social;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Table message_settings. */
final class SettingsRepository {

  /** Of all these users; who has no row has the defaults. */
  Map<Long, MessageSettings> of(Sql sql, Collection<Long> users) {
    Map<Long, MessageSettings> settings = new HashMap<>();
    if (users.isEmpty()) {
      return settings;
    }
    users.forEach(user -> settings.put(user, MessageSettings.DEFAULT));
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
                    new MessageSettings(
                        WhoCanMessage.of(row.getString("who_can_message")),
                        Rows.flag(row, "read_receipts_enabled"),
                        Rows.flag(row, "typing_enabled"))));
    return settings;
  }
}
