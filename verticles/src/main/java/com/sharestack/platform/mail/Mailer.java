package com.sharestack.platform.mail;

import com.sharestack.platform.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Hands mails to the configured server. */
public final class Mailer {

  /** From the start of a mail until the server has taken it. */
  public static final Duration DEADLINE = Duration.ofSeconds(10);

  private static final int CONNECTIONS = 2;

  private final MailClient client;
  private final String from;
  private final Duration deadline;

  private Mailer(MailClient client, String from, Duration deadline) {
    this.client = client;
    this.from = from;
    this.deadline = deadline;
  }

  public static Mailer create(Vertx vertx, Config.Mail settings) {
    return create(vertx, settings, DEADLINE);
  }

  static Mailer create(Vertx vertx, Config.Mail settings, Duration deadline) {
    int millis = Math.toIntExact(deadline.toMillis());
    MailConfig config = new MailConfig(settings.host(), settings.port());
    config
        .setStarttls(starttls(settings.tls()))
        .setHostnameVerificationAlgorithm("HTTPS")
        .setMaxPoolSize(CONNECTIONS)
        .setKeepAliveTimeout(Math.max(1, millis / 2))
        .setKeepAliveTimeoutUnit(TimeUnit.MILLISECONDS)
        .setConnectTimeout(millis)
        // A connection whose mail was given up must not stay in the pool; later than the deadline,
        // so that the caller always hears of the deadline and not of a closed connection.
        .setIdleTimeout(millis + Math.max(1, millis / 3))
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    if (settings.username() != null) {
      config
          .setLogin(LoginOption.REQUIRED)
          .setUsername(settings.username())
          .setPassword(settings.password());
    }
    return new Mailer(MailClient.create(vertx, config), settings.from(), deadline);
  }

  private static StartTLSOptions starttls(Config.Mail.Tls tls) {
    return switch (tls) {
      case OPTIONAL -> StartTLSOptions.OPTIONAL;
      case REQUIRED -> StartTLSOptions.REQUIRED;
      case OFF -> StartTLSOptions.DISABLED;
    };
  }

  /**
   * Succeeds when the server has taken the mail. Fails with the server's refusal, or at the
   * deadline: then it is not known whether the server has it.
   */
  public Future<Void> send(Letter letter) {
    MailMessage message =
        new MailMessage()
            .setFrom(from)
            .setTo(letter.to())
            .addHeader("Subject", EncodedWords.encode(letter.subject()))
            .setText(letter.text());
    return client.sendMail(message).timeout(deadline.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** Mails under way may fail. */
  public Future<Void> close() {
    return client.close();
  }
}
