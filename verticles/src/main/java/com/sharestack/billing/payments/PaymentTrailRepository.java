package com.sharestack.billing.payments;

import com.sharestack.contract.PaymentStatus;
import com.sharestack.platform.db.Sql;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tables payment_logs and payment_tickets: what happened, and what a person must look at. */
public final class PaymentTrailRepository {

  private static final Logger LOG = LoggerFactory.getLogger(PaymentTrailRepository.class);

  /** What a log line is about (entity PaymentLog). */
  public enum Action {
    CREATE,
    UPDATE,
    CALLBACK,
    REFUND,
    QUERY
  }

  /**
   * @param from null for a new row
   * @param error null for success
   * @param data for staff; null when the line says it all
   */
  void log(
      Sql sql,
      long paymentId,
      Action action,
      PaymentStatus from,
      PaymentStatus to,
      String error,
      JsonObject data,
      Instant now) {
    sql.insert(
        """
        INSERT INTO payment_logs (payment_id, action_type, status_from, status_to, success,
          error_code, data, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        paymentId,
        action.name(),
        from,
        to,
        error == null,
        error,
        data,
        now);
  }

  /**
   * Opens a ticket, once per kind and ref; an ERROR line tells whoever watches the logs.
   *
   * @param paymentId null when no payment is known
   * @param amountFen null when no money is concerned
   */
  public void ticket(
      Sql sql,
      String kind,
      String ref,
      Long paymentId,
      Long amountFen,
      JsonObject detail,
      Instant now) {
    sql.update(
        """
        INSERT INTO payment_tickets (kind, ref, payment_id, amount_fen, detail, created_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE ticket_id = ticket_id
        """,
        kind,
        ref,
        paymentId,
        amountFen,
        detail,
        now);
    LOG.error("payment ticket {} {}: {}", kind, ref, detail.encode());
  }

  /** Closes a ticket, when there is one and it is open. */
  public void resolve(
      Sql sql, String kind, String ref, Long staffId, String resolution, Instant now) {
    sql.update(
        """
        UPDATE payment_tickets SET status = 'resolved', resolved_by = ?, resolution = ?, resolved_at = ?
        WHERE kind = ? AND ref = ? AND status = 'open'
        """,
        staffId,
        resolution,
        now,
        kind,
        ref);
  }
}
