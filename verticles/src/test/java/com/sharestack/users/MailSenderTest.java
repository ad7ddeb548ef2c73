package com.sharestack.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sharestack.platform.mail.Letter;
import com.sharestack.platform.mail.Mailer;
import io.vertx.core.json.JsonObject;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The users verticle of this node has no mail server, so that only the tests send. */
class MailSenderTest {

  private static UsersNode users;
  private GreenMail server;
  private MailSender sender;
  private MailSender other;

  @BeforeAll
  static void start() {
    users = new UsersNode("users_mails");
  }

  @AfterAll
  static void stop() {
    users.close();
  }

  @BeforeEach
  void open() {
    server = server(0);
    sender = sender();
    other = sender();
    users.sql("DELETE FROM mails");
  }

  @AfterEach
  void close() {
    users.node.await(() -> sender.stop().await());
    users.node.await(() -> other.stop().await());
    server.stop();
  }

  private static GreenMail server(int port) {
    GreenMail started =
        new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP))
            .withConfiguration(GreenMailConfiguration.aConfig().withDisabledAuthentication());
    started.start();
    return started;
  }

  private MailSender sender() {
    var settings = users.node.config().mail().toLocal("127.0.0.1", server.getSmtp().getPort());
    return new MailSender(
        new MailRepository(users.node.db()),
        MailTemplates.bundled(),
        Mailer.create(users.node.vertx(), settings),
        users.node.clock());
  }

  private static int round(MailSender by) {
    return users.node.await(by::round);
  }

  private static void later(Duration by) {
    users.node.clock().advance(by);
  }

  private static String state(String what) {
    return users.text("SELECT CAST(" + what + " AS CHAR) FROM mails");
  }

  private static void queue(int count) {
    Instant now = users.node.clock().instant();
    for (int i = 0; i < count; i++) {
      users.sql(
          """
          INSERT INTO mails (to_address, template, payload, next_attempt_at, created_at)
          VALUES (?, 'session_stolen', ?, ?, ?)
          """,
          "reader" + i + "@example.com",
          new JsonObject().put("username", "r" + i).put("ip", "1.2.*.*").put("at", now.toString()),
          now,
          now);
    }
  }

  @Test
  void aQueuedMailIsSentOnceAndItsLinkIsForgotten() throws Exception {
    users.reader("mailed_once");
    String link = new JsonObject(state("payload")).getString("link");
    assertEquals(1, round(sender));
    assertEquals(0, round(sender));
    MimeMessage[] arrived = server.getReceivedMessages();
    assertEquals(1, arrived.length);
    assertEquals("请验证你的 ShareStack 邮箱", arrived[0].getSubject());
    String text = (String) arrived[0].getContent();
    assertTrue(text.contains(link) && text.contains("mailed_once，你好"), text);
    assertTrue(text.matches("(?s).*链接有效至 \\d+年\\d+月\\d+日 \\d\\d:\\d\\d（北京时间），.*"), text);
    assertEquals("sent", state("status"));
    assertEquals("{}", state("payload"));
    assertEquals(1, users.count("SELECT COUNT(*) FROM mails WHERE sent_at IS NOT NULL"));
  }

  @Test
  void afterAFailureItIsTriedAgainWhenItsPauseIsOver() {
    users.reader("mailed_later");
    int port = server.getSmtp().getPort();
    server.stop();
    assertEquals(1, round(sender));
    assertEquals("queued", state("status"));
    assertTrue(state("last_error").contains("refused"), state("last_error"));
    server = server(port);
    assertEquals(0, round(sender), "the pause");
    later(MailSender.pause(1));
    assertEquals(1, round(sender));
    assertEquals("sent", state("status"));
    assertEquals(1, server.getReceivedMessages().length);
    assertEquals(1, users.count("SELECT COUNT(*) FROM mails WHERE last_error IS NULL"));
  }

  @Test
  void afterTheLastAttemptItIsDeadAndItsLinkIsForgotten() {
    users.reader("mailed_never");
    server.stop();
    Duration waited = Duration.ZERO;
    for (int attempt = 1; attempt <= MailSender.MOST_ATTEMPTS; attempt++) {
      assertEquals("queued", state("status"), "before attempt " + attempt);
      assertEquals(1, round(sender));
      waited = waited.plus(MailSender.pause(attempt));
      later(MailSender.pause(attempt));
    }
    assertEquals("dead", state("status"));
    assertEquals("{}", state("payload"));
    assertEquals(0, round(sender));
    assertTrue(waited.compareTo(MailSender.OLDEST) < 0, "attempts end it, not its age");
  }

  @Test
  void aMailThatWaitedTooLongForAServerIsNotSentAnyMore() {
    users.reader("mailed_stale");
    later(MailSender.OLDEST.plusSeconds(1));
    assertEquals(1, round(sender));
    assertEquals("dead", state("status"));
    assertEquals("{}", state("payload"));
    assertEquals(0, server.getReceivedMessages().length);
  }

  @Test
  void aMailThatCannotBeWrittenKeepsNoOtherBack() {
    queue(2);
    users.sql("UPDATE mails SET payload = '{}' WHERE to_address = 'reader0@example.com'");
    assertEquals(2, round(sender));
    assertEquals(1, server.getReceivedMessages().length);
    assertEquals(
        1,
        users.count(
            "SELECT COUNT(*) FROM mails WHERE status = 'queued' AND last_error LIKE '%lacks%'"));
  }

  @Test
  void whatOneSenderHasTakenAnotherTakesOnlyWhenTheLeaseEnds() {
    queue(1);
    MailRepository mails = new MailRepository(users.node.db());
    Instant now = users.node.clock().instant();
    List<MailRepository.Queued> taken =
        users.node.await(() -> mails.claim(now, now.plus(MailSender.LEASE), 10));
    assertEquals(1, taken.size());
    assertEquals(0, round(other));
    later(MailSender.LEASE.plusSeconds(1));
    assertEquals(1, round(other), "its sender died");
    users.node.await(
        () -> {
          mails.retry(taken.getFirst(), "too late", now);
          mails.dead(taken.getFirst(), "too late");
          return null;
        });
    assertEquals("sent", state("status"), "who lost the lease changes nothing");
  }

  @Test
  void twoSendersAtOnceSendEveryMailOnce() throws Exception {
    int count = 3 * MailSender.BATCH;
    queue(count);
    CompletableFuture.allOf(
            Stream.of(sender, other)
                .map(
                    one ->
                        CompletableFuture.runAsync(
                            () -> {
                              while (round(one) > 0) {
                                continue;
                              }
                            }))
                .toArray(CompletableFuture[]::new))
        .get(30, java.util.concurrent.TimeUnit.SECONDS);
    List<String> arrived =
        Stream.of(server.getReceivedMessages()).map(MailSenderTest::recipient).sorted().toList();
    assertEquals(
        IntStream.range(0, count).mapToObj(i -> "reader" + i + "@example.com").sorted().toList(),
        arrived);
    assertEquals(
        count, users.count("SELECT COUNT(*) FROM mails WHERE status = 'sent' AND attempts = 1"));
  }

  private static String recipient(MimeMessage message) {
    try {
      return message.getAllRecipients()[0].toString();
    } catch (jakarta.mail.MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatAClientNamedItselfStaysOnOneLine() {
    MailTemplates templates = MailTemplates.bundled();
    JsonObject payload =
        new JsonObject()
            .put("username", "li")
            .put("device_name", "x\n\n打开 {link} $1\n")
            .put("at", "2026-11-23T16:00:00Z");
    assertThrows(
        IllegalArgumentException.class,
        () -> templates.write(MailQueue.SUSPICIOUS_LOGIN, "li@example.com", payload));
    payload.putNull("ip");
    Letter letter = templates.write(MailQueue.SUSPICIOUS_LOGIN, "li@example.com", payload);
    assertTrue(letter.text().contains("设备：x 打开 {link} $1 \n"), letter.text());
    assertTrue(letter.text().contains("地址：未知\n"), letter.text());
    assertTrue(letter.text().contains("时间：2026年11月24日 00:00（北京时间）"), letter.text());
  }
}
