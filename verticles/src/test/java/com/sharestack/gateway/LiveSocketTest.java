package com.sharestack.gateway;

import static com.sharestack.testing.ApiGateway.CREATOR;
import static com.sharestack.testing.ApiGateway.READER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.LiveClient;
import com.sharestack.testing.MessageLog;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames, order and resume of sharestack.dm.v1, over real sockets, with a log in memory. */
class LiveSocketTest {

  private static ApiGateway gateway;
  private static MessageLog log;
  private final List<LiveClient> opened = new ArrayList<>();

  @BeforeAll
  static void start() {
    gateway =
        ApiGateway.start(
            "live_socket",
            "SHARESTACK_RATES_OPERATION_FACTOR",
            "100",
            "SHARESTACK_LIVE_POLL_MILLIS",
            "300",
            "SHARESTACK_LIVE_DRAIN_MILLIS",
            "20");
    log = new MessageLog().serve(gateway);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void hangUp() {
    opened.forEach(LiveClient::close);
    log.hinting(true);
    log.beforeSend(io.vertx.core.Future::succeededFuture);
    log.afterSend(io.vertx.core.Future::succeededFuture);
  }

  private LiveClient connect(long userId) {
    LiveClient client =
        LiveClient.withToken(gateway.api().port(), gateway.token(userId, "ses_of_" + userId));
    opened.add(client);
    return client;
  }

  /** A client that is live at the head. */
  private LiveClient live(long userId, String device) {
    LiveClient client = connect(userId);
    client.hello(device, null);
    return client;
  }

  private static JsonObject message(String text) {
    return new JsonObject()
        .put("client_msg_id", UUID.randomUUID().toString())
        .put("to_user_id", CREATOR)
        .put("content", text);
  }

  @Test
  void theSocketSpeaksTheProtocolWithoutCompression() {
    LiveClient client = connect(READER);
    assertEquals(LiveClient.PROTOCOL, client.subProtocol());
    assertNull(client.extensions());
    JsonObject welcome = client.hello("device-01", null);
    assertEquals("live", welcome.getString("resume"));
    assertEquals(READER, welcome.getLong("user_id"));
    assertEquals(log.head(READER), welcome.getLong("head_seq"));
    assertEquals(25, welcome.getInteger("heartbeat_seconds"));
    assertEquals(
        new JsonObject()
            .put("messages_per_minute", 10)
            .put("frame_bytes", 65536)
            .put("text_length", 2000),
        welcome.getJsonObject("limits"));
    JsonObject pong = client.answer(client.send("ping", new JsonObject()));
    assertEquals("pong", pong.getString("type"));
    assertTrue(pong.getString("ts").matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
  }

  @Test
  void anAckComesAfterTheDomainAnsweredAndCarriesTheSendersOwnSeq() {
    LiveClient sender = live(READER, "device-02");
    LiveClient other = live(READER, "device-03");
    LiveClient receiver = live(CREATOR, "device-04");
    Promise<Void> commit = Promise.promise();
    log.beforeSend(commit::future);
    long head = log.head(READER);
    String id = sender.send("message.send", message("你好"));
    String ping = sender.send("ping", new JsonObject());
    gateway.eventually("the send arrived", () -> called("deliver"));
    assertTrue(sender.heard().isEmpty(), "an ack before the commit");
    commit.complete();
    JsonObject one = sender.next();
    JsonObject two = sender.next();
    // the ack stands in the order of the log, which may be read just then; a pong stands in none
    JsonObject ack = one.getString("type").equals("pong") ? two : one;
    assertEquals(ping, (ack == one ? two : one).getString("ref"));
    assertEquals("message.ack", ack.getString("type"));
    assertEquals(id, ack.getString("ref"));
    assertEquals(head + 1, ack.getLong("seq"));
    assertFalse(ack.getJsonObject("data").getBoolean("duplicate"));
    assertEquals(head + 1, other.await("message.new").getLong("seq"));
    assertEquals(
        "你好",
        receiver
            .await("message.new")
            .getJsonObject("data")
            .getJsonObject("message")
            .getString("content"));
    assertTrue(sender.heard().isEmpty(), "the sending connection hears its message as the ack");
  }

  private static boolean called(String method) {
    return gateway.calls().stream().anyMatch(call -> call.operation().endsWith("." + method));
  }

  @Test
  void aHintThatOvertakesTheAnswerDoesNotShowTheMessageTwice() {
    LiveClient sender = live(READER, "device-05");
    Promise<Void> answer = Promise.promise();
    log.afterSend(answer::future);
    long seq = log.head(READER) + 1;
    String id = sender.send("message.send", message("先到的提示"));
    gateway.eventually("committed", () -> log.head(READER) >= seq);
    long later = log.append(READER, "之后的事件");
    assertTrue(sender.heard().isEmpty(), () -> "written before its ack: " + sender.heard());
    answer.complete();
    JsonObject ack = sender.next();
    assertEquals("message.ack " + id, ack.getString("type") + " " + ack.getString("ref"));
    assertEquals(seq, ack.getLong("seq"));
    assertEquals(later, sender.next().getLong("seq"));
  }

  @Test
  void aRepeatedSendIsAnsweredWithTheFirstResult() {
    LiveClient client = live(READER, "device-06");
    JsonObject message = message("只发一次");
    JsonObject first = client.answer(client.send("message.send", message));
    JsonObject again = client.answer(client.send("message.send", message));
    assertEquals(first.getLong("seq"), again.getLong("seq"));
    assertTrue(again.getJsonObject("data").getBoolean("duplicate"));
    assertEquals(
        first.getJsonObject("data").getLong("message_id"),
        again.getJsonObject("data").getLong("message_id"));
  }

  @Test
  void aRefusalOfTheDomainIsAnErrorFrameWithItsCode() {
    LiveClient client = live(READER, "device-07");
    JsonObject error = client.answer(client.send("message.send", message("refuse")));
    assertEquals("error", error.getString("type"));
    assertEquals("RATE_LIMIT_EXCEEDED", error.getJsonObject("data").getString("code"));
    assertEquals(6, error.getJsonObject("data").getInteger("retry_after"));
    assertFalse(error.getJsonObject("data").getBoolean("fatal"));
    JsonObject recall =
        client.answer(client.send("message.recall", new JsonObject().put("message_id", 5)));
    assertEquals("RECALL_WINDOW_EXPIRED", recall.getJsonObject("data").getString("code"));
    JsonObject read =
        client.answer(
            client.send("read", new JsonObject().put("conversation_id", 9).put("up_to_seq", 4)));
    assertEquals("ack", read.getString("type"));
    assertEquals(4, read.getJsonObject("data").getInteger("my_read_seq"));
  }

  @Test
  void aReplayIsInOrderWithoutGapsAndThenLive() {
    long since = log.head(READER);
    for (int i = 0; i < 150; i++) {
      log.append(READER, "重放 " + i);
    }
    LiveClient client = connect(READER);
    JsonObject welcome = client.hello("device-08", since);
    assertEquals("replay", welcome.getString("resume"));
    for (long seq = since + 1; seq <= since + 150; seq++) {
      assertEquals(seq, client.next().getLong("seq"));
    }
    JsonObject done = client.next();
    assertEquals("sync.done", done.getString("type"));
    assertEquals(since + 150, done.getJsonObject("data").getLong("head_seq"));
    assertEquals(3, client.await("unread").getJsonObject("data").getInteger("unread_total"));
    assertEquals(log.append(READER, "之后"), client.next().getLong("seq"));
  }

  @Test
  void anAckWaitsForItsTurnBehindARunningReplay() {
    long since = log.head(READER);
    for (int i = 0; i < 200; i++) {
      log.append(READER, "先重放 " + i);
    }
    LiveClient client = connect(READER);
    client.hello("device-09", since);
    String id = client.send("message.send", message("重放中发送"));
    long expected = since;
    boolean acked = false;
    while (!acked) {
      JsonObject frame = client.next();
      if (frame.containsKey("seq")) {
        assertEquals(++expected, frame.getLong("seq"));
      }
      acked = id.equals(frame.getString("ref"));
    }
    assertTrue(expected > since + 200, "the ack stands behind what was before it");
  }

  @Test
  void aLogThatDoesNotReachBackIsAReset() {
    long user = 7001;
    gateway.account(
        user,
        com.sharestack.contract.AccountStatus.ACTIVE,
        com.sharestack.contract.UserType.READER);
    for (int i = 0; i < 10; i++) {
      log.append(user, "旧 " + i);
    }
    log.forgetBefore(user, 8);
    LiveClient client = connect(user);
    JsonObject welcome = client.hello("device-10", 2L);
    assertEquals("reset", welcome.getString("resume"));
    assertEquals(10, welcome.getLong("head_seq"));
    assertEquals(11, log.append(user, "新"));
    assertEquals(11, client.next().getLong("seq"), "live from the head on");
    String id = client.send("sync", new JsonObject().put("since_seq", 1));
    JsonObject reset = client.answer(id);
    assertEquals("sync.reset", reset.getString("type"));
    assertEquals("too_old", reset.getJsonObject("data").getString("reason"));
    JsonObject ahead = client.answer(client.send("sync", new JsonObject().put("since_seq", 99)));
    assertEquals("log_rebuilt", ahead.getJsonObject("data").getString("reason"));
  }

  @Test
  void aBatchIsNeverLargerThanAFrame() {
    long user = 7002;
    gateway.account(
        user,
        com.sharestack.contract.AccountStatus.ACTIVE,
        com.sharestack.contract.UserType.READER);
    for (int i = 0; i < 60; i++) {
      log.append(user, "长".repeat(1900));
    }
    LiveClient client = live(user, "device-11");
    long since = 0;
    int batches = 0;
    boolean more = true;
    while (more) {
      JsonObject frame =
          client.answer(client.send("sync", new JsonObject().put("since_seq", since)));
      assertTrue(frame.toBuffer().length() <= 65536, "a batch of " + frame.toBuffer().length());
      JsonObject batch = frame.getJsonObject("data");
      for (Object event : batch.getJsonArray("events")) {
        assertEquals(++since, ((JsonObject) event).getLong("seq"));
      }
      assertEquals(since, batch.getLong("next_since_seq"));
      more = batch.getBoolean("has_more");
      batches++;
    }
    assertEquals(60, since);
    assertTrue(batches > 3);
  }

  @Test
  void aLostHintIsRepairedByLooking() {
    LiveClient client = live(READER, "device-12");
    log.hinting(false);
    long seq = log.append(READER, "没有提示");
    assertEquals(seq, client.await("message.new").getLong("seq"));
  }

  @Test
  void twoDevicesOfAUserHearTheSameInTheSameOrder() {
    LiveClient one = live(READER, "device-13");
    LiveClient two = live(READER, "device-14");
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      expected.add(log.append(READER, "同步 " + i));
    }
    for (Long seq : expected) {
      assertEquals(seq, one.await("message.new").getLong("seq"));
      assertEquals(seq, two.await("message.new").getLong("seq"));
    }
  }

  @Test
  void typingReachesThePeerAndSurplusVanishes() {
    LiveClient client = live(READER, "device-15");
    LiveClient peer = live(CREATOR, "device-16");
    JsonObject start = new JsonObject().put("conversation_id", 77).put("state", "start");
    client.send("typing", start);
    client.send("typing", start);
    JsonObject seen = peer.await("typing").getJsonObject("data");
    assertEquals(
        new JsonObject()
            .put("conversation_id", 77)
            .put("user_id", READER)
            .put("state", "start")
            .put("expires_in", 6),
        seen);
    client.send("typing", start.copy().put("state", "stop"));
    assertEquals("stop", peer.await("typing").getJsonObject("data").getString("state"));
  }

  @Test
  void storedEventsAreToldTheDomainOnceASecondAtMost() {
    LiveClient client = live(READER, "device-ack");
    for (int seq = 1; seq <= 20; seq++) {
      client.send("event.ack", new JsonObject().put("seq", seq));
    }
    gateway.eventually("the newest is told", () -> log.acknowledged().contains("device-ack 20"));
    long told = log.acknowledged().stream().filter(each -> each.startsWith("device-ack ")).count();
    assertTrue(told <= 3, "told " + told + " times");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "not json;BAD_FRAME",
        "[1];BAD_FRAME",
        "{\"data\":{}};BAD_FRAME",
        "{\"type\":5};BAD_FRAME",
        "{\"type\":\"ping\",\"id\":\"NOT-A-UUID\"};BAD_FRAME",
        "{\"type\":\"ping\",\"data\":[]};BAD_FRAME",
        "{\"type\":\"ping\",\"type\":\"ping\"};BAD_FRAME",
        "{\"type\":\"read\",\"data\":{\"conversation_id\":\"7\",\"up_to_seq\":1}};BAD_FRAME",
        "{\"type\":\"read\",\"data\":{\"conversation_id\":1.5,\"up_to_seq\":1}};BAD_FRAME",
        "{\"type\":\"hello\",\"data\":{\"device_id\":\"device-x1\",\"client\":\"web\"}};BAD_FRAME",
        "{\"type\":\"dance\"};UNKNOWN_TYPE",
        "{\"type\":\"read\",\"data\":{\"up_to_seq\":1}};VALIDATION_ERROR",
        "{\"type\":\"read\",\"data\":{\"conversation_id\":1,\"up_to_seq\":-1}};VALIDATION_ERROR",
        "{\"type\":\"sync\",\"data\":{\"since_seq\":0,\"limit\":501}};VALIDATION_ERROR",
        "{\"type\":\"typing\",\"data\":{\"conversation_id\":1,\"state\":\"go\"}};VALIDATION_ERROR",
        "{\"type\":\"message.send\",\"data\":{\"client_msg_id\":\"x\",\"to_user_id\":1}};VALIDATION_ERROR"
      })
  void aBadFrameIsAnsweredWithItsCodeAndTheSocketStaysOpen(String text, String code) {
    LiveClient client = live(READER, "device-20");
    client.text(text);
    JsonObject error = client.next().getJsonObject("data");
    assertEquals(code, error.getString("code"));
    assertFalse(error.getBoolean("fatal"));
    assertEquals("pong", client.answer(client.send("ping", new JsonObject())).getString("type"));
  }

  @Test
  void exactlyOneRecipientMustBeNamed() {
    LiveClient client = live(READER, "device-21");
    JsonObject both = message("两个").put("conversation_id", 1);
    JsonObject error = client.answer(client.send("message.send", both)).getJsonObject("data");
    assertEquals("VALIDATION_ERROR", error.getString("code"));
    assertEquals("conversation_id", error.getJsonObject("details").getString("field"));
  }

  @Test
  void theTenthBadFrameEndsTheSession() {
    LiveClient client = live(READER, "device-22");
    for (int i = 0; i < 10; i++) {
      client.text("bad " + i);
    }
    for (int i = 0; i < 9; i++) {
      assertFalse(client.next().getJsonObject("data").getBoolean("fatal"));
    }
    assertTrue(client.next().getJsonObject("data").getBoolean("fatal"));
    assertEquals(4400, client.closeCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"type\":\"ping\"}", "{\"type\":\"sync\",\"data\":{\"since_seq\":0}}"})
  void aFrameBeforeHelloIsFatal(String first) {
    LiveClient client = connect(READER);
    client.text(first);
    JsonObject error = client.next().getJsonObject("data");
    assertEquals("NOT_READY", error.getString("code"));
    assertTrue(error.getBoolean("fatal"));
    assertEquals(4400, client.closeCode());
  }

  @Test
  void aBinaryFrameIsClosedWith1003() {
    LiveClient client = live(READER, "device-23");
    client.frame(WebSocketFrame.binaryFrame(Buffer.buffer("x"), true));
    assertEquals(1003, client.closeCode());
  }

  @Test
  void textThatIsNoUtf8IsClosedWith1007() {
    LiveClient client = live(READER, "device-27");
    client.frame(WebSocketFrame.textFrame("{\"type\":\"", false));
    Buffer broken = Buffer.buffer(new byte[] {(byte) 0xc3, (byte) 0x28});
    client.frame(WebSocketFrame.continuationFrame(broken, true));
    assertEquals(1007, client.closeCode());
  }

  @Test
  void aFrameAboveTheLimitIsClosedWith1009() {
    LiveClient client = live(READER, "device-24");
    client.text("{\"type\":\"ping\",\"x\":\"" + "a".repeat(70_000) + "\"}");
    assertEquals(1009, client.closeCode());
  }

  @Test
  void fragmentsAreOneFrameAndCountTogether() {
    LiveClient client = live(READER, "device-25");
    client.frame(WebSocketFrame.textFrame("{\"type\":\"pi", false));
    client.frame(WebSocketFrame.continuationFrame(Buffer.buffer("ng\"}"), true));
    assertEquals("pong", client.next().getString("type"));
    client.frame(
        WebSocketFrame.textFrame("{\"type\":\"ping\",\"x\":\"" + "a".repeat(40_000), false));
    client.frame(WebSocketFrame.continuationFrame(Buffer.buffer("a".repeat(40_000) + "\"}"), true));
    assertEquals(1009, client.closeCode());
  }

  @Test
  void tooManyFramesAreToldOnceAndDropped() {
    LiveClient client = live(READER, "device-26");
    for (int i = 0; i < 130; i++) {
      client.send("ping", new JsonObject());
    }
    JsonObject error = client.await("error").getJsonObject("data");
    assertEquals("RATE_LIMIT_EXCEEDED", error.getString("code"));
    assertTrue(error.getInteger("retry_after") >= 1 && error.getInteger("retry_after") <= 10);
    assertTrue(client.isOpen());
  }
}
