package com.sharestack.billing;

import com.sharestack.billing.ReminderRules.Ahead;
import com.sharestack.platform.db.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells subscribers ahead of renewals and ends. Any number of processes may run it: each row is
 * taken under its lock, and its next time moves on in the transaction of the event.
 */
final class SubscriptionReminders {

  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionReminders.class);
  private static final int BATCH = 50;
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);

  private final SubscriptionParts parts;
  private final Renewals renewals;

  SubscriptionReminders(SubscriptionParts parts) {
    this.parts = parts;
    this.renewals = new Renewals(parts);
  }

  /**
   * Takes what is due.
   *
   * @return whether there may be more at once
   */
  boolean run() {
    List<String> due = parts.due().dueReminders(parts.db(), parts.clock().instant(), BATCH);
    due.forEach(this::attempt);
    return due.size() == BATCH;
  }

  /** A row that fails is put back, so that it does not stand before the others. */
  private void attempt(String publicId) {
    try {
      parts
          .db()
          .tx(
              tx -> {
                Instant now = parts.clock().instant();
                parts.due().lockReminder(tx, publicId, now).ifPresent(row -> remind(tx, row, now));
                return null;
              });
    } catch (RuntimeException failure) {
      LOG.error("subscription {} was not reminded", publicId, failure);
      parts
          .due()
          .postponeReminder(parts.db(), publicId, parts.clock().instant().plus(AFTER_FAILURE));
    }
  }

  private void remind(Tx tx, SubscriptionRow row, Instant now) {
    Optional<Ahead> ahead =
        ReminderRules.of(row.status(), row.autoRenew(), row.periodEnd(), row.accessUntil());
    Optional<Integer> days = ahead.flatMap(found -> ReminderRules.due(found, now));
    // nothing ends, and nothing is charged, before a period that is paid ahead
    if (days.isPresent() && renewals.ahead(tx, row).isEmpty()) {
      parts.news().reminder(tx, row, ahead.get(), days.get(), now);
    }
    parts
        .due()
        .moveReminder(
            tx, row.id(), ahead.map(found -> ReminderRules.next(found, now)).orElse(null));
  }
}
