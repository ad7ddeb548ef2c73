package com.sharestack.social;

import com.sharestack.platform.db.Rows;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/** An entry of a user's event log. */
record EventRow(long userId, long seq, EventDraft draft, Instant at) {

  static EventRow of(Row row) {
    return new EventRow(
        row.getLong("user_id"),
        row.getLong("seq"),
        new EventDraft(
            row.getString("event_type"),
            row.getLong("conversation_id"),
            row.getLong("message_id"),
            row.getLong("actor_id"),
            row.getString("kind"),
            row.getLong("up_to_seq")),
        Rows.instant(row, "created_at"));
  }
}
