package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.platform.ids.Ids;
import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.LiveClient;
import com.sharestack.testing.TestNode;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a block changes reaches the blocker's devices by a hint, on whichever node they are: nobody
 * looks for news here.
 */
@Timeout(120)
class BlockLiveTest {

  private static TestNode whole;
  private static TestNode door;
  private final List<LiveClient> opened = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    String name = Ids.random("block-", 8);
    int port = freePort();
    whole = WholeNode.empty("block_live", clustered(name, port, port).toArray(String[]::new));
    List<String> second = clustered(name, freePort(), port);
    second.addAll(
        List.of(
            "SHARESTACK_ROLES",
            "gateway",
            "SHARESTACK_MYSQL_URL",
            whole.config().mysql().url(),
            "SHARESTACK_REDIS_URL",
            whole.config().redis().url(),
            "SHARESTACK_REDIS_PREFIX",
            whole.config().redis().prefix()));
    whole.node().vertx().eventBus().addInboundInterceptor(BlockLiveTest::withoutLooks);
    door = TestNode.of("block_live2", second.toArray(String[]::new)).startAll();
  }

  /** The question by which gateways find what no hint told them is not answered. */
  private static void withoutLooks(DeliveryContext<Object> delivery) {
    if (!"heads".equals(delivery.message().headers().get("action"))) {
      delivery.next();
    }
  }

  private static List<String> clustered(String name, int port, int member) {
    return new ArrayList<>(
        List.of(
            "SHARESTACK_CLUSTER_ENABLED",
            "true",
            "SHARESTACK_CLUSTER_NAME",
            name,
            "SHARESTACK_CLUSTER_PORT",
            String.valueOf(port),
            "SHARESTACK_CLUSTER_PORT_RANGE",
            "1",
            "SHARESTACK_CLUSTER_MEMBERS",
            "127.0.0.1:" + member));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @AfterAll
  static void stop() {
    door.close();
    whole.close();
  }

  @AfterEach
  void hangUp() {
    opened.forEach(LiveClient::close);
  }

  private LiveClient live(TestNode node, ApiAccount user, String device) {
    String ticket =
        user.api()
            .post("/ws/tickets", new JsonObject().put("purpose", "messages"))
            .data()
            .getString("ticket");
    LiveClient client = LiveClient.withTicket(node.node().httpPort(), ticket);
    opened.add(client);
    client.hello(device, null);
    return client;
  }

  private static JsonObject blockSeenBy(LiveClient client) {
    return client.await("block.updated").getJsonObject("data");
  }

  @Test
  void aBlockIsToldToEveryDeviceOfTheBlockerOnBothNodes() {
    ApiClient anonymous = new ApiClient(whole.node().httpPort());
    ApiAccount gina = ApiAccount.of(anonymous, "live_gina", "reader");
    ApiAccount fred = ApiAccount.of(anonymous, "live_fred", "reader");
    LiveClient here = live(whole, gina, "device-here");
    LiveClient there = live(door, gina, "device-there");
    LiveClient blocked = live(door, fred, "device-fred");
    JsonObject message =
        new JsonObject()
            .put("client_msg_id", UUID.randomUUID().toString())
            .put("to_user_id", gina.id())
            .put("content", "请问直播几点开始呢");
    assertEquals(201, fred.api().post("/messages", message).status());
    here.await("message.new");
    there.await("message.new");

    gina.api().post("/blocks", new JsonObject().put("target_user_id", fred.id()));
    for (LiveClient device : List.of(here, there)) {
      JsonObject removed = device.await("conversation.removed").getJsonObject("data");
      assertEquals(1, removed.getLong("up_to_seq"), "his request leaves her view");
      JsonObject block = blockSeenBy(device);
      assertEquals(fred.id(), block.getLong("user_id"));
      assertTrue(block.getBoolean("blocked"));
    }

    gina.api().delete("/blocks/" + fred.id());
    for (LiveClient device : List.of(here, there)) {
      assertFalse(blockSeenBy(device).getBoolean("blocked"));
    }
    assertTrue(
        blocked.heard().stream().noneMatch(frame -> frame.getString("type").startsWith("block")),
        "the other one is told nothing");
  }
}
