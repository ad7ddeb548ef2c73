package com.sharestack.billing.payments;

import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.rails.Answer;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Inbound;
import com.sharestack.billing.rails.Notice;
import com.sharestack.billing.rails.Rail;
import com.sharestack.billing.rails.Verdict;
import com.sharestack.platform.crypto.Sealer;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.jobs.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in notifications (entries webhooks.wechat, webhooks.alipay): checks the signature, keeps
 * the notice in a transaction of its own, then does its effect in a second one, then answers.
 * Killed after the first, the notice is found by {@link #run} here or in another process; killed
 * after the second, the channel sends it again and the inbox key answers success.
 */
public final class NoticeIntake {

  private static final Logger LOG = LoggerFactory.getLogger(NoticeIntake.class);
  private static final String COLUMN = "channel_notices.raw";

  /** Until somebody else takes over a notice whose process died. */
  private static final Duration TAKEN = Duration.ofSeconds(20);

  private static final int BATCH = 20;
  private static final int MOST_ATTEMPTS = 200;

  /** Forged notifications cost a row each; more than these a minute are only counted. */
  private static final int REFUSALS_A_MINUTE = 60;

  private static final Duration BODIES_KEPT = Duration.ofDays(365);

  private final PaymentParts parts;
  private final Settlement settlement;
  private final RefundSettlement refundSettlement;
  private final Sealer sealer;
  private final NoticeRepository notices = new NoticeRepository();
  private final AtomicLong refusalMinute = new AtomicLong();
  private final AtomicInteger refusals = new AtomicInteger();

  NoticeIntake(
      PaymentParts parts, Settlement settlement, RefundSettlement refundSettlement, Sealer sealer) {
    this.parts = parts;
    this.settlement = settlement;
    this.refundSettlement = refundSettlement;
    this.sealer = sealer;
  }

  /** Everything from the bytes to the answer the channel wants. Never throws. */
  public Answer receive(Rail rail, Inbound inbound, String ip) {
    try {
      return switch (rail.verify(inbound)) {
        case Verdict.Rejected rejected -> {
          keepRefusal(rail.channel(), rejected.reason().name(), rejected.detail(), ip);
          yield rail.refusal(401, "验签失败");
        }
        case Verdict.Authentic authentic -> accept(rail, authentic.notice(), inbound, ip);
      };
    } catch (RuntimeException failure) {
      LOG.error("a notification of {} could not be handled", rail.channel().code(), failure);
      return rail.refusal(500, "处理失败");
    }
  }

  private Answer accept(Rail rail, Notice notice, Inbound inbound, String ip) {
    NoticeRepository.Kept kept = keep(rail.channel(), notice, inbound);
    if (!kept.digest().equals(notice.digest())) {
      keepRefusal(rail.channel(), "REPLAY", "same id, other content: " + notice.id(), ip);
      return rail.refusal(401, "通知内容不一致");
    }
    if (!kept.done()) {
      effect(kept);
    }
    return rail.acknowledgement();
  }

  private NoticeRepository.Kept keep(Channel channel, Notice notice, Inbound inbound) {
    Instant now = parts.clock().instant();
    var known = notices.find(parts.db(), channel.code(), notice.id());
    if (known.isPresent()) {
      return known.get();
    }
    try {
      notices.insert(
          parts.db(),
          channel.code(),
          notice.id(),
          notice.digest(),
          notice.kind().name().toLowerCase(Locale.ROOT),
          notice.eventType(),
          NoticeJson.of(notice),
          sealer.seal(COLUMN, inbound.body().toString()),
          now,
          now.plus(TAKEN));
    } catch (DuplicateKeyException atTheSameTime) {
      LOG.debug("notice {} came twice at once", notice.id());
    }
    return notices.find(parts.db(), channel.code(), notice.id()).orElseThrow();
  }

  /** The effect and its mark, in one transaction. */
  private void effect(NoticeRepository.Kept seen) {
    parts
        .db()
        .tx(
            tx -> {
              NoticeRepository.Kept kept = notices.lock(tx, seen.id()).orElseThrow();
              if (kept.done()) {
                return null;
              }
              Channel channel = Channel.valueOf(kept.channel().toUpperCase(Locale.ROOT));
              String outcome =
                  switch (Notice.Kind.valueOf(kept.kind().toUpperCase(Locale.ROOT))) {
                    case PAYMENT, CLOSED ->
                        settlement
                            .apply(
                                tx,
                                channel,
                                NoticeJson.trade(kept.content()),
                                Action.CALLBACK,
                                PaymentEvent.CLOSED)
                            .name();
                    case REFUND ->
                        refundSettlement
                            .apply(tx, channel, NoticeJson.refund(kept.content()))
                            .name();
                    case OTHER -> "STORED";
                  };
              notices.done(
                  tx, kept.id(), outcome.toLowerCase(Locale.ROOT), parts.clock().instant());
              return null;
            });
  }

  /**
   * Does what died between receipt and effect.
   *
   * @return whether there may be more at once
   */
  public boolean run() {
    Instant now = parts.clock().instant();
    List<NoticeRepository.Kept> due =
        parts.db().tx(tx -> notices.claimDue(tx, now, now.plus(TAKEN), BATCH));
    for (NoticeRepository.Kept kept : due) {
      try {
        effect(kept);
      } catch (RuntimeException failure) {
        boolean dead = kept.attempts() >= MOST_ATTEMPTS;
        LOG.error("notice {} comes again{}", kept.id(), dead ? " no more" : "", failure);
        notices.failed(
            parts.db(),
            kept.id(),
            failure.toString(),
            now.plus(Backoff.pause(kept.attempts())),
            dead);
      }
    }
    return due.size() == BATCH;
  }

  /**
   * Removes bodies as received after a year; what they led to stays.
   *
   * @return whether there may be more at once
   */
  public boolean dropBodies() {
    return notices.dropBodies(parts.db(), parts.clock().instant().minus(BODIES_KEPT), BATCH)
        == BATCH;
  }

  private void keepRefusal(Channel channel, String reason, String detail, String ip) {
    Instant now = parts.clock().instant();
    long minute = now.getEpochSecond() / 60;
    if (refusalMinute.getAndSet(minute) != minute) {
      refusals.set(0);
    }
    LOG.warn("notification of {} refused: {} {}", channel.code(), reason, detail);
    if (refusals.incrementAndGet() <= REFUSALS_A_MINUTE) {
      notices.refuse(parts.db(), channel.code(), reason, detail, ip, now);
    }
  }
}
