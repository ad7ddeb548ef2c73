package com.sharestack.billing;

import com.sharestack.contract.Caller;
import com.sharestack.platform.db.Tx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Table billing_audit: who changed what, in the transaction of the change. */
public final class AuditRepository {

  private static final int USER_AGENT_LENGTH = 500;

  public void write(Tx tx, Caller caller, Entry entry, Instant now) {
    tx.insert(
        """
        INSERT INTO billing_audit (actor_id, actor_role, action, target_type, target_id,
          status_before, status_after, ip, user_agent, request_id, payload, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        caller.userId(),
        Actors.role(caller),
        entry.action(),
        entry.targetType(),
        entry.targetId(),
        entry.before(),
        entry.after(),
        caller.ip(),
        shortened(caller.userAgent()),
        caller.requestId(),
        entry.payload(),
        now);
  }

  /**
   * One line of the audit.
   *
   * @param action the operation of the contract
   * @param before status before, null for a new row
   * @param payload what was asked, without secrets; null when the row says it all
   */
  public record Entry(
      String action,
      String targetType,
      String targetId,
      String before,
      String after,
      JsonObject payload) {}

  private static String shortened(String userAgent) {
    return userAgent == null || userAgent.length() <= USER_AGENT_LENGTH
        ? userAgent
        : userAgent.substring(0, USER_AGENT_LENGTH);
  }
}
