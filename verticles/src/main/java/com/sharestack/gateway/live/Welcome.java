package com.sharestack.gateway.live;

import com.sharestack.contract.ResumeState;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** What the server says first (sharestack.dm.v1, welcome). */
final class Welcome {

  private static final int HEARTBEAT_SECONDS = 25;

  private Welcome() {}

  static JsonObject data(String connection, Session session, ResumeState start, Instant now) {
    return new JsonObject()
        .put("session_id", connection)
        .put("user_id", session.userId())
        .put("head_seq", start.headSeq())
        .put("oldest_seq", start.oldestSeq())
        .put("resume", start.resume())
        .put("unread_total", start.unreadTotal())
        .put("heartbeat_seconds", HEARTBEAT_SECONDS)
        .put("session_expires_at", Outbound.millis(session.expiresAt()))
        .put("server_time", Outbound.millis(now))
        .put(
            "limits",
            new JsonObject()
                .put("messages_per_minute", 10)
                .put("frame_bytes", Reassembly.MAX_BYTES)
                .put("text_length", 2000));
  }
}
