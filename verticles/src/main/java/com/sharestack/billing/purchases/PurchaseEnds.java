package com.sharestack.billing.purchases;

import com.sharestack.billing.coupons.Coupons;
import com.sharestack.billing.payments.ChannelCalls;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentEvent;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.contract.PurchaseStatus;
import com.sharestack.platform.db.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what is over: orders nobody paid for, their payment closed at the channel first, and access
 * whose time has passed. Any number of processes may run it; what a channel does not answer waits
 * for the next round, nothing is guessed.
 */
public final class PurchaseEnds {

  private static final Logger LOG = LoggerFactory.getLogger(PurchaseEnds.class);
  private static final int BATCH = 20;
  private static final Duration LEASE = Duration.ofSeconds(60);

  private final PaymentParts parts;
  private final ChannelCalls calls;
  private final PurchaseRepository purchases;
  private final Coupons coupons;

  PurchaseEnds(PaymentCore payments, PurchaseRepository purchases, Coupons coupons) {
    this.parts = payments.parts();
    this.calls = payments.calls();
    this.purchases = purchases;
    this.coupons = coupons;
  }

  /**
   * Takes what is due.
   *
   * @return whether there may be more at once
   */
  public boolean run() {
    Instant now = parts.clock().instant();
    List<PurchaseRow> due =
        parts.db().tx(tx -> purchases.claimDue(tx, now, now.plus(LEASE), BATCH));
    due.forEach(this::step);
    return due.size() == BATCH;
  }

  private void step(PurchaseRow row) {
    try {
      if (row.pending()) {
        closePayment(row);
      }
      parts.db().tx(tx -> end(tx, row.publicId()));
    } catch (RuntimeException unanswered) {
      LOG.warn("purchase {} is ended later: {}", row.publicId(), unanswered.getMessage());
    }
  }

  private void closePayment(PurchaseRow row) {
    Optional<PaymentRow> open = parts.payments().open(parts.db(), row.publicId());
    if (open.isPresent()) {
      boolean over = !parts.clock().instant().isBefore(open.get().expiresAt());
      calls.close(open.get(), over ? PaymentEvent.EXPIRED : PaymentEvent.CLOSED, Action.UPDATE);
    }
  }

  /** What the row says now decides: it may have been paid or refunded since. */
  private Void end(Tx tx, String publicId) {
    Instant now = parts.clock().instant();
    PurchaseRow row = purchases.lock(tx, publicId).orElseThrow();
    if (row.pending() && !row.awaits(now) && parts.payments().open(tx, row.publicId()).isEmpty()) {
      close(tx, row, now);
    } else if (row.active() && !row.opens(now)) {
      purchases.end(tx, row, PurchaseStatus.EXPIRED, now);
    }
    return null;
  }

  /** An order that ended unpaid; it has no open payment. */
  void close(Tx tx, PurchaseRow row, Instant now) {
    purchases.end(tx, row, PurchaseStatus.CLOSED, now);
    coupons.release(tx, row.publicId());
  }
}
