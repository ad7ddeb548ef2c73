package com.sharestack.billing.payments;

import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.payments.Settlement.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The janitor and the expiry sweeper (payment_state_machine.jobs): asks the channel about open
 * payments, so that one whose notification never came is completed all the same; ends one that is
 * over only after the channel said "not paid" and closed it. An unanswered question postpones, it
 * never guesses. Any number of processes may run it.
 */
public final class PaymentChecks {

  private static final Logger LOG = LoggerFactory.getLogger(PaymentChecks.class);

  /** At most so many questions at once. */
  private static final int BATCH = 10;

  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Duration AGAIN = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofSeconds(60);

  private final PaymentParts parts;
  private final ChannelCalls calls;

  PaymentChecks(PaymentParts parts, ChannelCalls calls) {
    this.parts = parts;
    this.calls = calls;
  }

  /**
   * Takes what is due.
   *
   * @param beside runs the checks of a batch side by side
   * @return whether there may be more at once
   */
  public boolean run(Function<Runnable, Future<Void>> beside) {
    Instant now = parts.clock().instant();
    List<PaymentRow> due =
        parts.db().tx(tx -> parts.payments().claimDue(tx, now, now.plus(LEASE), BATCH));
    List<Future<Void>> checks =
        due.stream().map(payment -> beside.apply(() -> check(payment))).toList();
    Future.join(checks).otherwiseEmpty().await();
    return due.size() == BATCH;
  }

  private void check(PaymentRow payment) {
    Instant now = parts.clock().instant();
    Instant next = now.plus(SOON);
    try {
      Outcome outcome = calls.ask(payment, Action.QUERY);
      boolean over = !now.isBefore(payment.expiresAt());
      if (outcome == Outcome.NOTHING && over) {
        calls.close(payment, PaymentEvent.EXPIRED, Action.UPDATE);
      }
      next = now.plus(over ? SOON : AGAIN);
    } catch (RuntimeException unanswered) {
      LOG.warn("payment {} is asked about again: {}", payment.publicId(), unanswered.getMessage());
    }
    try {
      parts.payments().checkAgain(parts.db(), payment.id(), next);
    } catch (RuntimeException away) {
      LOG.warn("payment {} waits for its lease: {}", payment.publicId(), away.toString());
    }
  }
}
