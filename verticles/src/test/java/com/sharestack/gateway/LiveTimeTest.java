package com.sharestack.gateway;

import static com.sharestack.testing.ApiGateway.READER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.LiveClient;
import com.sharestack.testing.MessageLog;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What time does to a socket; each test has a gateway whose clock it moves. */
class LiveTimeTest {

  private ApiGateway gateway;
  private MessageLog log;

  @BeforeEach
  void start() {
    gateway =
        ApiGateway.start(
            "live_time",
            "SHARESTACK_RATES_OPERATION_FACTOR",
            "100",
            "SHARESTACK_LIVE_DRAIN_MILLIS",
            "20");
    log = new MessageLog().serve(gateway);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private LiveClient connect() {
    return LiveClient.withToken(gateway.api().port(), gateway.token(READER, "ses_time"));
  }

  private void pass(int seconds) {
    gateway.node().clock().advance(Duration.ofSeconds(seconds));
  }

  /** Time passes while the client says that it lives. */
  private void passTalking(LiveClient client, int seconds) {
    for (int left = seconds; left > 0; left -= 60) {
      pass(Math.min(60, left));
      client.answer(client.send("ping", new JsonObject()));
    }
  }

  @Test
  void withoutHelloTheSocketIsClosedWith4408() {
    LiveClient client = connect();
    pass(11);
    assertEquals(4408, client.closeCode());
  }

  @Test
  void silenceIsClosedWith4408AndAPongIsASignOfLife() {
    LiveClient client = connect();
    client.hello("device-still", null);
    pass(31); // the server's ping, which the client's library answers
    gateway.eventually("pinged", () -> pongs(client));
    client.stopReading(); // now it answers nothing
    pass(80);
    gateway.eventually("closed", () -> closed("4408") == 1);
  }

  private static boolean pongs(LiveClient client) {
    return client.isOpen();
  }

  private double closed(String code) {
    var counter =
        gateway.node().platform().meters().find("live_closed").tag("code", code).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void theEndOfTheSessionIsToldOnceAndMovedByARefresh() {
    LiveClient client = connect();
    JsonObject welcome = client.hello("device-long", null);
    Instant expires = Instant.parse(welcome.getString("session_expires_at"));
    passTalking(client, 3_310);
    JsonObject told = client.await("auth.expiring").getJsonObject("data");
    assertEquals(expires, Instant.parse(told.getString("expires_at")));

    JsonObject bad =
        client.answer(client.send("auth.refresh", new JsonObject().put("ticket", "x".repeat(43))));
    assertEquals("AUTH_FAILED", bad.getJsonObject("data").getString("code"));
    String foreign = ticket(ApiGateway.CREATOR, "ses_other");
    JsonObject other =
        client.answer(client.send("auth.refresh", new JsonObject().put("ticket", foreign)));
    assertEquals("AUTH_FAILED", other.getJsonObject("data").getString("code"));

    String ticket = ticket(READER, "ses_time2");
    JsonObject ack =
        client.answer(client.send("auth.refresh", new JsonObject().put("ticket", ticket)));
    assertEquals("ack", ack.getString("type"));
    assertTrue(Instant.parse(ack.getJsonObject("data").getString("expires_at")).isAfter(expires));
    JsonObject again =
        client.answer(client.send("auth.refresh", new JsonObject().put("ticket", ticket)));
    assertEquals("AUTH_FAILED", again.getJsonObject("data").getString("code"), "used up");

    passTalking(client, 400);
    assertTrue(client.isOpen(), "the first end has passed");
    for (int left = 3_300; left > 0 && client.isOpen(); left -= 60) {
      pass(60);
      client.send("ping", new JsonObject());
      gateway.eventually("answered or over", () -> !client.heard().isEmpty() || !client.isOpen());
      while (!client.heard().isEmpty()) {
        client.next();
      }
    }
    assertEquals(4401, client.closeCode());
  }

  @Test
  void anAckDoesNotWaitForALogThatCannotBeRead() {
    LiveClient client = connect();
    client.hello("device-wait", null);
    log.readable(false);
    long before = log.append(READER, "读不到的一条");
    JsonObject message =
        new JsonObject()
            .put("client_msg_id", "11111111-2222-4333-8444-555555555555")
            .put("to_user_id", ApiGateway.CREATOR)
            .put("content", "日志读不到时也要有回执");
    String id = client.send("message.send", message);
    gateway.eventually("accepted", () -> log.head(READER) == before + 1);
    pass(4);
    JsonObject ack = client.answer(id);
    assertEquals("message.ack", ack.getString("type"), ack.encode());
    assertEquals(before + 1, ack.getLong("seq"));
    assertTrue(ack.getJsonObject("data").getBoolean("duplicate"), "it stands outside the order");

    log.readable(true);
    assertEquals(before, client.await("message.new").getLong("seq"));
    JsonObject own = client.await("message.new");
    assertEquals(before + 1, own.getLong("seq"));
    assertEquals(
        message.getString("client_msg_id"),
        own.getJsonObject("data").getJsonObject("message").getString("client_msg_id"));
  }

  private String ticket(long user, String session) {
    return gateway
        .api()
        .as(gateway.token(user, session))
        .post("/ws/tickets", new JsonObject().put("purpose", "messages"))
        .data()
        .getString("ticket");
  }

  @Test
  void threeWindowsOfSurplusInARowAreClosedWith4429() {
    LiveClient client = connect();
    client.hello("device-fast", null);
    for (int window = 0; window < 3; window++) {
      for (int i = 0; i < 130; i++) {
        client.send("ping", new JsonObject());
      }
      if (window < 2) {
        client.await("error");
        pass(10);
      }
    }
    assertEquals(4429, client.closeCode());
  }

  @Test
  void anEndedTicketOpensNothing() {
    String ticket = ticket(READER, "ses_time");
    pass(3_601); // its access token is over, whatever Redis still holds
    assertEquals(
        "401 UNAUTHORIZED",
        LiveClient.refusal(LiveClient.handshake(gateway.api().port(), "?ticket=" + ticket)));
  }
}
