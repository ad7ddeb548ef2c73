package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo installation: what the platform mails is read in the sandbox's mailbox. */
class MailboxTest {

  private static final String ADDRESS = "mailbox_reader@example.com";

  @TempDir Path data;

  @Test
  void whoRegistersFindsTheVerificationMailWithItsLink() throws Exception {
    try (TestNode node =
        WholeNode.empty(
            "mailbox",
            "SHARESTACK_ROLES",
            "gateway,users,content,billing,analytics,worker,sandbox",
            "SHARESTACK_DATA",
            data.toString())) {
      var registered =
          new ApiClient(node.node().httpPort())
              .post(
                  "/auth/register",
                  new JsonObject()
                      .put("username", "mailbox_reader")
                      .put("email", ADDRESS)
                      .put("password", "TestPass123!")
                      .put("user_type", "reader")
                      .put("agree_terms", true));
      assertEquals(201, registered.status(), registered.toString());
      JsonObject mail = mail(node.node().sandboxPort());
      assertEquals("请验证你的 ShareStack 邮箱", mail.getString("subject"));
      assertEquals(ADDRESS, mail.getString("to"));
      assertTrue(
          mail.getString("text")
              .contains(node.config().http().publicUrl() + "/verify-email?token="),
          mail.encode());
    }
  }

  private static JsonObject mail(int port) throws Exception {
    URI page = URI.create("http://127.0.0.1:" + port + "/mailbox.json?to=" + ADDRESS);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (true) {
        var answer = client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        JsonArray mails = new JsonObject(answer.body()).getJsonArray("mails");
        if (!mails.isEmpty()) {
          assertEquals(1, mails.size());
          return mails.getJsonObject(0);
        }
        assertTrue(System.nanoTime() < end, "no mail within 20 s");
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }
}
