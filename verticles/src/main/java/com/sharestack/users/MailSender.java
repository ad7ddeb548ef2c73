package com.sharestack.users;

import com.sharestack.platform.mail.Mailer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends queued mails, on every node of the role: a claim leases rows, so that no two nodes send one
 * at the same time. A node that dies between the server's yes and its own mark leaves a mail that
 * is sent once more when the lease ends; each template says the same twice without harm.
 */
final class MailSender {

  static final int BATCH = 10;

  /** With the pauses below about six hours. */
  static final int MOST_ATTEMPTS = 12;

  /** Links have expired by then, and a warning that is a day old alarms for nothing. */
  static final Duration OLDEST = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(MailSender.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  /** Longer than a batch of which every mail takes its whole time. */
  static final Duration LEASE = Mailer.DEADLINE.multipliedBy(BATCH).plusSeconds(30);

  private final MailRepository mails;
  private final MailTemplates templates;
  private final Mailer mailer;
  private final Clock clock;
  private volatile boolean stopped;

  MailSender(MailRepository mails, MailTemplates templates, Mailer mailer, Clock clock) {
    this.mails = mails;
    this.templates = templates;
    this.mailer = mailer;
    this.clock = clock;
  }

  /** Looks for mails until {@link #stop}; after a full batch at once again. */
  void start(Vertx vertx, long pollMillis) {
    look(vertx, pollMillis, pollMillis);
  }

  private void look(Vertx vertx, long pause, long pollMillis) {
    if (!stopped) {
      vertx.setTimer(pause, due -> look(vertx, run() == BATCH ? 1 : pollMillis, pollMillis));
    }
  }

  /** Mails under way are left to the end of their lease. */
  Future<Void> stop() {
    stopped = true;
    return mailer.close();
  }

  private int run() {
    try {
      return round();
    } catch (RuntimeException failure) {
      LOG.warn("sending mails failed, comes again: {}", failure.toString());
      return 0;
    }
  }

  /**
   * One batch; blocks a virtual thread.
   *
   * @return the mails taken, whatever became of them
   */
  int round() {
    Instant now = clock.instant();
    List<MailRepository.Queued> batch = mails.claim(now, now.plus(LEASE), BATCH);
    for (MailRepository.Queued mail : batch) {
      if (!stopped) {
        send(mail);
      }
    }
    return batch.size();
  }

  private void send(MailRepository.Queued mail) {
    if (clock.instant().isAfter(mail.createdAt().plus(OLDEST))) {
      LOG.warn("mail {} is given up: it waited for more than a day", mail.id());
      mails.dead(mail, "waited for more than a day");
      return;
    }
    Optional<Throwable> failure = attempt(mail);
    if (failure.isEmpty()) {
      mails.sent(mail, clock.instant());
    } else {
      failed(mail, failure.get());
    }
  }

  /** A mail that cannot even be written must not keep back the others of its batch. */
  private Optional<Throwable> attempt(MailRepository.Queued mail) {
    try {
      return mailer
          .send(templates.write(mail.template(), mail.to(), mail.payload()))
          .map(taken -> Optional.<Throwable>empty())
          .otherwise(Optional::of)
          .await();
    } catch (RuntimeException unusable) {
      return Optional.of(unusable);
    }
  }

  /** Refusals are not told apart: what a server calls permanent is often its own configuration. */
  private void failed(MailRepository.Queued mail, Throwable failure) {
    String to = Masking.email(mail.to());
    if (mail.attempts() >= MOST_ATTEMPTS) {
      LOG.error("mail {} to {} is given up: {}", mail.id(), to, failure.toString());
      mails.dead(mail, failure.toString());
    } else {
      LOG.warn("mail {} to {} failed, comes again: {}", mail.id(), to, failure.toString());
      mails.retry(mail, failure.toString(), clock.instant().plus(pause(mail.attempts())));
    }
  }

  static Duration pause(int attempts) {
    Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 10));
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
