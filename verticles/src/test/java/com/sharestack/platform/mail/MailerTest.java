package com.sharestack.platform.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sharestack.platform.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailerTest {

  private final Vertx vertx = Vertx.vertx();
  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP))
          .withConfiguration(GreenMailConfiguration.aConfig().withDisabledAuthentication());

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
    server.stop();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static Config.Mail to(int port) {
    return new Config.Mail(
        "127.0.0.1", port, null, null, Config.Mail.Tls.OPTIONAL, "no-reply@example.com", 100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "请验证你的邮箱",
        "🎉 欢迎 👩‍💻 来到 𠮷野家 🎊",
        "=?not an encoded word",
        "很长的主题🎈很长的主题🎈很长的主题🎈很长的主题🎈很长的主题🎈很长的主题🎈很长的主题🎈",
        "an English subject that is longer than one line of a mail header may be, by far"
      })
  void aSubjectArrivesAsItWasWritten(String subject) throws Exception {
    Mailer mailer = Mailer.create(vertx, to(server.getSmtp().getPort()));
    await(mailer.send(new Letter("reader@example.com", subject, "正文 🎉\n\n.\n第二段\n")));
    MimeMessage arrived = server.getReceivedMessages()[0];
    assertEquals(subject, arrived.getSubject());
    assertEquals("正文 🎉\n\n.\n第二段\n", lines(arrived.getContent()));
    assertEquals("no-reply@example.com", arrived.getFrom()[0].toString());
    assertEquals("reader@example.com", arrived.getAllRecipients()[0].toString());
    assertEquals(1, arrived.getHeader("Subject").length);
    for (String line : ("Subject: " + arrived.getHeader("Subject")[0]).split("\r\n")) {
      assertTrue(line.length() <= 76, line);
    }
  }

  private static String lines(Object content) {
    return ((String) content).replace("\r\n", "\n").stripTrailing() + "\n";
  }

  @Test
  void aSubjectCannotBringAHeaderOfItsOwn() throws Exception {
    String encoded = EncodedWords.encode("hello\r\nBcc: other@example.com");
    assertEquals("hello Bcc: other@example.com", MimeUtility.decodeText(encoded));
    assertTrue(encoded.indexOf('\n') < 0, encoded);
  }

  @Test
  void aServerThatIsAwayIsAFailure() {
    int port = server.getSmtp().getPort();
    server.stop();
    Mailer mailer = Mailer.create(vertx, to(port));
    var failure =
        assertThrows(
            ExecutionException.class,
            () -> await(mailer.send(new Letter("reader@example.com", "s", "t"))));
    assertInstanceOf(java.net.ConnectException.class, failure.getCause());
  }

  @Test
  void aServerThatSaysNothingIsLeftAtTheDeadlineAndHoldsNoConnection() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    NetServer silent =
        await(
            vertx
                .createNetServer()
                .connectHandler(socket -> connections.incrementAndGet())
                .listen(0, "127.0.0.1"));
    Mailer mailer = Mailer.create(vertx, to(silent.actualPort()), Duration.ofMillis(300));
    for (int i = 0; i < 5; i++) {
      var failure =
          assertThrows(
              ExecutionException.class,
              () -> await(mailer.send(new Letter("reader@example.com", "s", "t"))));
      assertInstanceOf(TimeoutException.class, failure.getCause());
    }
    assertEquals(5, connections.get(), "none waited for the connection of another");
  }

  @Test
  void requiredEncryptionIsNotDoneWithout() {
    Config.Mail strict =
        new Config.Mail(
            "127.0.0.1",
            server.getSmtp().getPort(),
            null,
            null,
            Config.Mail.Tls.REQUIRED,
            "no-reply@example.com",
            100);
    Mailer mailer = Mailer.create(vertx, strict);
    assertThrows(
        ExecutionException.class,
        () -> await(mailer.send(new Letter("reader@example.com", "s", "t"))));
    assertEquals(0, server.getReceivedMessages().length);
  }
}
