package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.LiveClient;
import com.sharestack.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two people talk over sockets and REST, through every role of the platform. */
class MessagingJourneyTest {

  private static final String PASSWORD = "TestPass123!";
  private static TestNode node;
  private static ApiClient api;
  private static int people;
  private final List<LiveClient> opened = new ArrayList<>();

  @BeforeAll
  static void start() {
    node =
        WholeNode.empty(
            "messaging",
            "SHARESTACK_RATES_OPERATION_FACTOR",
            "100",
            "SHARESTACK_RATES_ADDRESS_PER_MINUTE",
            "100000",
            "SHARESTACK_LIVE_POLL_MILLIS",
            "400",
            "SHARESTACK_LIVE_DRAIN_MILLIS",
            "20");
    api = new ApiClient(node.node().httpPort());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @AfterEach
  void hangUp() {
    opened.forEach(LiveClient::close);
  }

  private record Person(long id, String token, ApiClient api) {}

  private static Person person() {
    String name = "talker" + ++people;
    ApiAnswer made =
        api.post(
            "/auth/register",
            new JsonObject()
                .put("username", name)
                .put("email", name + "@example.com")
                .put("password", PASSWORD)
                .put("user_type", "reader")
                .put("agree_terms", true));
    assertEquals(201, made.status(), made.toString());
    String token =
        api.post("/auth/login", new JsonObject().put("email", name).put("password", PASSWORD))
            .data()
            .getString("access_token");
    return new Person(made.data().getLong("user_id"), token, api.as(token));
  }

  private LiveClient connect(Person person) {
    String ticket =
        person
            .api()
            .post("/ws/tickets", new JsonObject().put("purpose", "messages"))
            .data()
            .getString("ticket");
    LiveClient client = LiveClient.withTicket(node.node().httpPort(), ticket);
    opened.add(client);
    return client;
  }

  private LiveClient live(Person person, String device) {
    LiveClient client = connect(person);
    client.hello(device, null);
    return client;
  }

  private static JsonObject message(Person to, String text) {
    return new JsonObject()
        .put("client_msg_id", UUID.randomUUID().toString())
        .put("to_user_id", to.id())
        .put("content", text);
  }

  private static String content(JsonObject frame) {
    return frame.getJsonObject("data").getJsonObject("message").getString("content");
  }

  @Test
  void twoPeopleTalkOverSocketsAndEveryDeviceHears() {
    Person anna = person();
    Person bert = person();
    LiveClient phone = live(anna, "anna-phone");
    LiveClient tablet = live(anna, "anna-tablet");
    LiveClient other = live(bert, "bert-phone");
    JsonObject hello = message(bert, "你好，看了你的文章，有个问题想请教");
    JsonObject ack = phone.answer(phone.send("message.send", hello));
    assertEquals("message.ack", ack.getString("type"), ack.encode());
    assertEquals(
        hello.getString("client_msg_id"), ack.getJsonObject("data").getString("client_msg_id"));
    assertEquals(ack.getLong("seq"), tablet.await("message.new").getLong("seq"));
    JsonObject heard = other.await("message.new");
    assertEquals(hello.getString("content"), content(heard));

    JsonObject again = phone.answer(phone.send("message.send", hello));
    assertTrue(again.getJsonObject("data").getBoolean("duplicate"));
    assertEquals(ack.getLong("seq"), again.getLong("seq"));
    ApiAnswer byRest = anna.api().post("/messages", hello);
    assertEquals(200, byRest.status(), "the REST door knows it too");

    long conversation = ack.getJsonObject("data").getLong("conversation_id");
    JsonObject answer =
        new JsonObject()
            .put("client_msg_id", UUID.randomUUID().toString())
            .put("conversation_id", conversation)
            .put("content", "请讲，我很乐意回答");
    assertEquals("message.ack", other.answer(other.send("message.send", answer)).getString("type"));
    assertEquals("请讲，我很乐意回答", content(phone.await("message.new")));
    assertEquals("请讲，我很乐意回答", content(tablet.await("message.new")));
    JsonObject read =
        phone.answer(
            phone.send(
                "read", new JsonObject().put("conversation_id", conversation).put("up_to_seq", 2)));
    assertEquals(2, read.getJsonObject("data").getInteger("my_read_seq"), read.encode());
    assertEquals("read", other.await("receipt").getJsonObject("data").getString("kind"));
    phone.send(
        "typing", new JsonObject().put("conversation_id", conversation).put("state", "start"));
    assertEquals(anna.id(), other.await("typing").getJsonObject("data").getLong("user_id"));
    JsonObject recalled =
        other.answer(
            other.send(
                "message.recall",
                new JsonObject()
                    .put(
                        "message_id",
                        anna.api()
                            .get("/conversations/" + conversation + "/messages")
                            .data()
                            .getJsonArray("messages")
                            .getJsonObject(1)
                            .getLong("id"))));
    assertEquals("ack", recalled.getString("type"), recalled.encode());
    assertEquals("message.recalled", phone.await("message.recalled").getString("type"));
  }

  @Test
  void whoWasAwayResumesWithoutLossOrRepetition() {
    Person anna = person();
    Person bert = person();
    LiveClient first = connect(bert);
    long since = first.hello("bert-laptop", null).getLong("head_seq");
    anna.api().post("/messages", message(bert, "第一条，还在线"));
    JsonObject seen = first.await("message.new");
    since = Math.max(since, seen.getLong("seq"));
    first.close();
    bert.api().post("/messages", message(anna, "我先回一句，这样可以继续聊"));
    for (int i = 0; i < 8; i++) {
      ApiAnswer sent =
          anna.api()
              .post("/messages", message(bert, "离线时的第 " + i + " 条：" + "内容各不相同".repeat(i + 1)));
      assertTrue(sent.status() == 201 || "SPAM_DETECTED".equals(sent.errorCode()), sent.toString());
    }
    LiveClient back = connect(bert);
    JsonObject welcome = back.hello("bert-laptop", since);
    assertEquals("replay", welcome.getString("resume"));
    Map<String, Integer> texts = new HashMap<>();
    JsonObject frame = back.next();
    while (!frame.getString("type").equals("sync.done")) {
      assertEquals(++since, frame.getLong("seq"));
      if (frame.getString("type").equals("message.new")) {
        texts.merge(content(frame), 1, Integer::sum);
      }
      frame = back.next();
    }
    assertEquals(welcome.getLong("head_seq"), since);
    assertTrue(texts.size() >= 2, texts.toString());
    assertTrue(texts.values().stream().allMatch(count -> count == 1));
    assertFalse(texts.containsKey("第一条，还在线"));
  }

  @Test
  void aLogoutClosesTheSocketsOfThatSession() {
    Person anna = person();
    LiveClient client = live(anna, "anna-phone");
    assertEquals(200, anna.api().post("/auth/logout", null).status());
    assertEquals(4401, client.closeCode());
  }
}
