package com.sharestack.users;

import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;

/** Table mails as its senders see it. */
final class MailRepository {

  private static final int ERROR_LENGTH = 500;

  /**
   * @param attempts with the present one; they tell one lease from the next
   */
  record Queued(
      long id, String to, String template, JsonObject payload, int attempts, Instant createdAt) {}

  private final Db db;

  MailRepository(Db db) {
    this.db = db;
  }

  /**
   * Takes at most {@code limit} due mails, oldest first, so that nobody else has them till then.
   */
  List<Queued> claim(Instant now, Instant leaseUntil, int limit) {
    return db.tx(
        tx -> {
          List<Queued> due =
              tx
                  .rows(
                      """
                      SELECT mail_id, to_address, template, payload, attempts, created_at FROM mails
                      WHERE status = 'queued' AND next_attempt_at <= ?
                      ORDER BY next_attempt_at, mail_id LIMIT ? FOR UPDATE SKIP LOCKED
                      """,
                      now,
                      limit)
                  .stream()
                  .map(MailRepository::queued)
                  .toList();
          tx.batch(
              "UPDATE mails SET attempts = ?, next_attempt_at = ? WHERE mail_id = ?",
              due.stream()
                  .map(mail -> new Object[] {mail.attempts(), leaseUntil, mail.id()})
                  .toList());
          return due;
        });
  }

  private static Queued queued(Row row) {
    return new Queued(
        row.getLong("mail_id"),
        row.getString("to_address"),
        row.getString("template"),
        Rows.json(row, "payload"),
        row.getInteger("attempts") + 1,
        Rows.instant(row, "created_at"));
  }

  /** Whoever has the lease by now: sent is sent. */
  void sent(Queued mail, Instant now) {
    db.update(
        """
        UPDATE mails SET status = 'sent', sent_at = ?, payload = '{}', last_error = NULL
        WHERE mail_id = ? AND status = 'queued'
        """,
        now,
        mail.id());
  }

  /** Does nothing when another sender has the mail. */
  void retry(Queued mail, String error, Instant at) {
    db.update(
        """
        UPDATE mails SET next_attempt_at = ?, last_error = ?
        WHERE mail_id = ? AND status = 'queued' AND attempts = ?
        """,
        at,
        cut(error),
        mail.id(),
        mail.attempts());
  }

  /** Does nothing when another sender has the mail. */
  void dead(Queued mail, String error) {
    db.update(
        """
        UPDATE mails SET status = 'dead', payload = '{}', last_error = ?
        WHERE mail_id = ? AND status = 'queued' AND attempts = ?
        """,
        cut(error),
        mail.id(),
        mail.attempts());
  }

  private static String cut(String error) {
    int length = error.codePointCount(0, error.length());
    return length <= ERROR_LENGTH
        ? error
        : error.substring(0, error.offsetByCodePoints(0, ERROR_LENGTH));
  }
}
