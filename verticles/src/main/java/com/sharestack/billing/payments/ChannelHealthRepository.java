package com.sharestack.billing.payments;

import com.sharestack.contract.PaymentMethod;
import com.sharestack.platform.db.Db;
import io.vertx.sqlclient.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which channels are in trouble (setting payments.maintenance_success_rate): of the payments of the
 * last hour that ended with a yes or a no of the channel, at least 50, less than 80 % were yes.
 * Payers who simply left do not count.
 */
final class ChannelHealthRepository {

  private static final long FEWEST = 50;
  private static final long PERCENT = 80;
  private static final Duration WINDOW = Duration.ofHours(1);
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final Db db;
  private final Clock clock;
  private volatile Seen seen = new Seen(Instant.MIN, Set.of());

  private record Seen(Instant at, Set<PaymentMethod> troubled) {}

  ChannelHealthRepository(Db db, Clock clock) {
    this.db = db;
    this.clock = clock;
  }

  /** At most 30 s old. */
  Set<PaymentMethod> troubled() {
    Instant now = clock.instant();
    if (seen.at().isBefore(now.minus(FRESH))) {
      seen = new Seen(now, read(now));
    }
    return seen.troubled();
  }

  private Set<PaymentMethod> read(Instant now) {
    Set<PaymentMethod> found = EnumSet.noneOf(PaymentMethod.class);
    for (Row row :
        db.rows(
            """
            SELECT payment_method, COUNT(*) AS ended,
              CAST(SUM(CASE WHEN status = 'failed' THEN 0 ELSE 1 END) AS SIGNED) AS good
            FROM payments
            WHERE created_at >= ? AND status IN ('completed', 'partial_refunded', 'refunded', 'failed')
            GROUP BY payment_method
            """,
            now.minus(WINDOW))) {
      long ended = row.getLong("ended");
      if (ended >= FEWEST && row.getLong("good") * 100 < ended * PERCENT) {
        found.add(PaymentMethod.of(row.getString("payment_method")));
      }
    }
    return found;
  }
}
