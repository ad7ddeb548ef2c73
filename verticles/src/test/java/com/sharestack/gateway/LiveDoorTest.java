package com.sharestack.gateway;

import static com.sharestack.testing.ApiGateway.CREATOR;
import static com.sharestack.testing.ApiGateway.READER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.UserType;
import com.sharestack.platform.presence.Presence;
import com.sharestack.platform.service.Signals;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.ApiRedisLink;
import com.sharestack.testing.LiveClient;
import com.sharestack.testing.MessageLog;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may open a socket, how many of them, and what ends one; on two nodes with one Redis. */
class LiveDoorTest {

  private static final String ORIGIN = "https://www.example.com";
  private static ApiGateway gateway;
  private static ApiGateway second;
  private static MessageLog log;
  private static long nextUser = 8000;
  private final List<LiveClient> opened = new ArrayList<>();

  @BeforeAll
  static void start() {
    gateway = start("live_door", null, null);
    var redis = gateway.node().config().redis();
    second = start("live_door2", redis.url(), redis.prefix());
    log = new MessageLog().serve(gateway).serve(second);
  }

  private static ApiGateway start(String name, String redisUrl, String prefix) {
    List<String> environment =
        new ArrayList<>(
            List.of(
                "SHARESTACK_RATES_OPERATION_FACTOR",
                "100",
                "SHARESTACK_HTTP_CORS_ORIGINS",
                ORIGIN,
                "SHARESTACK_HTTP_TRUSTED_PROXIES",
                "127.0.0.1",
                "SHARESTACK_AUTH_REVOCATION_POLL_MILLIS",
                "100",
                "SHARESTACK_LIVE_POLL_MILLIS",
                "300",
                "SHARESTACK_LIVE_DRAIN_MILLIS",
                "20"));
    if (prefix != null) {
      environment.addAll(
          List.of("SHARESTACK_REDIS_URL", redisUrl, "SHARESTACK_REDIS_PREFIX", prefix));
    }
    return ApiGateway.start(name, environment.toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    second.close();
  }

  @AfterEach
  void hangUp() {
    opened.forEach(LiveClient::close);
  }

  /** An account of a test's own, known on both nodes. */
  private static long user() {
    long user = nextUser++;
    gateway.account(user, AccountStatus.ACTIVE, UserType.READER);
    second.account(user, AccountStatus.ACTIVE, UserType.READER);
    return user;
  }

  private static String token(long user) {
    return gateway.token(user, "ses_of_" + user);
  }

  private static int port() {
    return gateway.api().port();
  }

  private LiveClient live(long user, String device) {
    LiveClient client = LiveClient.withToken(port(), token(user));
    opened.add(client);
    client.hello(device, null);
    return client;
  }

  private static ApiAnswer buy(ApiClient buyer, String purpose) {
    return buyer.post("/ws/tickets", new JsonObject().put("purpose", purpose));
  }

  private static String ticket(long user) {
    return buy(gateway.api().as(token(user)), "messages").data().getString("ticket");
  }

  private static WebSocketConnectOptions with(String ticket) {
    return LiveClient.handshake(port(), "?ticket=" + ticket);
  }

  @Test
  void aTicketIsBoughtWithATokenAndOpensASocketOnce() {
    ApiAnswer answer = buy(gateway.as(READER), "messages");
    assertEquals(201, answer.status());
    assertEquals(60, answer.data().getInteger("expires_in"));
    String ticket = answer.data().getString("ticket");
    assertTrue(answer.data().getString("url").matches("ws://.*/api/v1/ws/messages\\?ticket=.{43}"));
    opened.add(LiveClient.withTicket(port(), ticket));
    assertEquals("401 UNAUTHORIZED", LiveClient.refusal(with(ticket)), "a second use");
    assertEquals("401 UNAUTHORIZED", buy(gateway.api(), "messages").status() + " UNAUTHORIZED");
  }

  @Test
  void aTicketOfOneNodeOpensASocketOnAnotherAndOnlyOneOfTwoAtOnceWins() throws Exception {
    long user = user();
    opened.add(LiveClient.withTicket(second.api().port(), ticket(user)));
    String raced = ticket(user);
    List<CompletableFuture<String>> tries = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int port = (i % 2 == 0 ? gateway : second).api().port();
      tries.add(
          CompletableFuture.supplyAsync(
              () -> LiveClient.refusal(LiveClient.handshake(port, "?ticket=" + raced))));
    }
    List<String> outcomes = new ArrayList<>();
    for (CompletableFuture<String> each : tries) {
      outcomes.add(each.get());
    }
    assertEquals(1, outcomes.stream().filter("opened"::equals).count(), outcomes.toString());
  }

  @Test
  void aTicketIsBoundToPurposeNetworkAndSession() {
    long user = user();
    ApiClient buyer = gateway.api().as(token(user));
    String other = buy(buyer, "notifications").data().getString("ticket");
    assertEquals("401 UNAUTHORIZED", LiveClient.refusal(with(other)), "of another purpose");

    ApiClient away = buyer.with("X-Forwarded-For", "203.0.113.9");
    String bought = buy(away, "messages").data().getString("ticket");
    assertEquals(
        "401 UNAUTHORIZED",
        LiveClient.refusal(with(bought).addHeader("X-Forwarded-For", "198.51.100.7")));
    String near = buy(away, "messages").data().getString("ticket");
    assertEquals(
        "opened", LiveClient.refusal(with(near).addHeader("X-Forwarded-For", "203.0.113.77")));

    String revoked = ticket(user);
    gateway.revoke("ses_of_" + user);
    gateway.eventually(
        "the session is known to be over",
        () -> buy(gateway.api().as(token(user)), "messages").status() == 401);
    assertEquals("401 UNAUTHORIZED", LiveClient.refusal(with(revoked)));
  }

  @Test
  void onlyStaffWatchesThePlatformAndOnlyCreatorsTheirFigures() {
    assertEquals("PERMISSION_DENIED", buy(gateway.as(READER), "monitoring").errorCode());
    assertEquals("PERMISSION_DENIED", buy(gateway.as(READER), "analytics").errorCode());
    assertEquals(201, buy(gateway.as(CREATOR), "analytics").status());
    assertEquals("VALIDATION_ERROR", buy(gateway.as(READER), "gossip").errorCode());
  }

  @Test
  void aHandshakeIsRefusedWithTheStatusOfItsReason() {
    long user = user();
    String bearer = "Bearer " + token(user);
    WebSocketConnectOptions none = new WebSocketConnectOptions();
    none.setHost("127.0.0.1").setPort(port()).setURI("/api/v1/ws/messages");
    none.setAllowOriginHeader(false);
    none.addHeader("Authorization", bearer);
    assertEquals("426 UPGRADE_REQUIRED", LiveClient.refusal(none), "no protocol");
    none.addSubProtocol("sharestack.dm.v2");
    assertEquals("426 UPGRADE_REQUIRED", LiveClient.refusal(none), "another protocol");
    assertEquals("426", "" + gateway.as(READER).get("/ws/messages").status(), "plain HTTP");

    assertEquals(
        "403 PERMISSION_DENIED",
        LiveClient.refusal(
            LiveClient.handshake(port(), "")
                .addHeader("Authorization", bearer)
                .setAllowOriginHeader(true)
                .addHeader("Origin", "https://evil.example")));
    assertEquals(
        "opened",
        LiveClient.refusal(
            LiveClient.handshake(port(), "")
                .addHeader("Authorization", bearer)
                .setAllowOriginHeader(true)
                .addHeader("Origin", ORIGIN)));
    assertEquals(
        "400 VALIDATION_ERROR",
        LiveClient.refusal(LiveClient.handshake(port(), "?ticket=" + token(user))));
    assertEquals(
        "400 VALIDATION_ERROR",
        LiveClient.refusal(LiveClient.handshake(port(), "?access_token=" + token(user))));
    assertEquals("401 UNAUTHORIZED", LiveClient.refusal(LiveClient.handshake(port(), "")));
    assertEquals("401 UNAUTHORIZED", LiveClient.refusal(with("a".repeat(43))));
    gateway.account(user, AccountStatus.BANNED, UserType.READER);
    new Signals(gateway.node().vertx()).userChanged(user);
    gateway.eventually(
        "the ban is known",
        () ->
            LiveClient.refusal(LiveClient.handshake(port(), "").addHeader("Authorization", bearer))
                .equals("403 ACCOUNT_BANNED"));
  }

  @Test
  void aSixthConnectionClosesTheOldest() {
    long user = user();
    List<LiveClient> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      clients.add(live(user, "device-" + i + "0"));
      gateway.node().clock().advance(java.time.Duration.ofMillis(5));
    }
    assertEquals(4409, clients.getFirst().closeCode());
    for (LiveClient client : clients.subList(1, 6)) {
      assertEquals("pong", client.answer(client.send("ping", new JsonObject())).getString("type"));
    }
  }

  @Test
  void aSecondConnectionOfADeviceReplacesTheFirst() {
    long user = user();
    LiveClient first = live(user, "same-device");
    LiveClient other = live(user, "other-device");
    LiveClient again = live(user, "same-device");
    assertEquals(4409, first.closeCode());
    assertTrue(other.isOpen());
    assertTrue(again.isOpen());
  }

  @Test
  void aBanClosesTheSocketWith4403() {
    long user = user();
    LiveClient client = live(user, "device-ban");
    gateway.account(user, AccountStatus.BANNED, UserType.READER);
    new Signals(gateway.node().vertx()).userChanged(user);
    assertEquals(4403, client.closeCode());
  }

  @Test
  void aBanWhoseHintWasLostIsFoundByTheEndedSession() {
    long user = user();
    LiveClient client = live(user, "device-ban");
    gateway.account(user, AccountStatus.BANNED, UserType.READER);
    gateway.revoke("ses_of_" + user);
    assertEquals(4403, client.closeCode());
  }

  @Test
  void aRevokedSessionClosesItsSocketsWith4401AndNoOthers() {
    long user = user();
    LiveClient client = live(user, "device-out");
    LiveClient other = LiveClient.withToken(port(), gateway.token(user, "ses_another_" + user));
    opened.add(other);
    other.hello("device-in", null);
    gateway.revoke("ses_of_" + user);
    assertEquals(4401, client.closeCode());
    assertEquals("pong", other.answer(other.send("ping", new JsonObject())).getString("type"));
  }

  @Test
  void someHundredSocketsAreHeldAndHearTheirOwnEvents() {
    List<LiveClient> clients = new ArrayList<>();
    List<Long> users = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      users.add(user());
      clients.add(live(users.getLast(), "device-many"));
    }
    for (int i = 0; i < users.size(); i++) {
      log.append(users.get(i), "给 " + users.get(i));
    }
    for (int i = 0; i < users.size(); i++) {
      JsonObject message = clients.get(i).next().getJsonObject("data").getJsonObject("message");
      assertEquals("给 " + users.get(i), message.getString("content"));
    }
    assertTrue(
        gateway.node().platform().meters().get("live_sockets").gauge().value() >= users.size());
  }

  @Test
  void aReaderThatPausesLosesNothingAndTheGatewayReadsNoFurther() {
    long user = user();
    LiveClient client = live(user, "device-slow");
    client.stopReading();
    int appended = 0;
    while (appended < 6000 && log.head(user) - log.readUpTo(user) < 200) {
      log.append(user, "慢".repeat(2000));
      appended++;
      if (appended % 50 == 0) {
        await(() -> log.head(user) == log.readUpTo(user), 300);
      }
    }
    long head = log.head(user);
    assertTrue(head - log.readUpTo(user) >= 100, "the gateway went on reading");
    client.readOn();
    for (long seq = 1; seq <= head; seq++) {
      assertEquals(seq, client.next().getLong("seq"));
    }
    assertEquals("pong", client.answer(client.send("ping", new JsonObject())).getString("type"));
  }

  @Test
  void aReaderThatStaysTooFarBehindIsClosedWith4410AndResumesWithoutLoss() {
    long user = user();
    LiveClient client = live(user, "device-stop");
    client.stopReading();
    double before = closed("4410");
    while (closed("4410") == before && log.head(user) < 12_000) {
      log.append(user, "停".repeat(2000));
      if (log.head(user) % 50 == 0) {
        await(() -> closed("4410") > before || log.head(user) == log.readUpTo(user), 100);
      }
    }
    assertTrue(closed("4410") > before, "never closed");
    client.readOn();
    int code = client.closeCode();
    assertTrue(code == 4410 || code == 1006, "closed with " + code);
    long last = 0;
    for (JsonObject frame : client.heard()) {
      assertEquals(++last, frame.getLong("seq"));
    }
    LiveClient again = LiveClient.withToken(port(), token(user));
    opened.add(again);
    JsonObject welcome = again.hello("device-stop", last);
    assertEquals("replay", welcome.getString("resume"));
    while (last < log.head(user)) {
      assertEquals(++last, again.next().getLong("seq"));
    }
    assertEquals("sync.done", again.next().getString("type"));
  }

  private static double closed(String code) {
    var counter =
        gateway.node().platform().meters().find("live_closed").tag("code", code).counter();
    return counter == null ? 0 : counter.count();
  }

  private static void await(java.util.function.BooleanSupplier condition, int millis) {
    long deadline = System.nanoTime() + millis * 1_000_000L;
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void aDrainingNodeClosesWith1001AndTheClientResumesOnTheOther() {
    ApiGateway leaving =
        start(
            "live_door3",
            gateway.node().config().redis().url(),
            gateway.node().config().redis().prefix());
    log.serve(leaving);
    long user = user();
    leaving.account(user, AccountStatus.ACTIVE, UserType.READER);
    LiveClient client = LiveClient.withToken(leaving.api().port(), token(user));
    client.hello("device-move", null);
    long last = log.append(user, "之前");
    assertEquals(last, client.await("message.new").getLong("seq"));
    int port = leaving.api().port();
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(leaving::close);
    assertEquals(1001, client.closeCode());
    stopped.join();
    assertFalse(LiveClient.refusal(LiveClient.handshake(port, "")).equals("opened"));
    log.append(user, "途中");
    LiveClient moved = LiveClient.withToken(second.api().port(), token(user));
    opened.add(moved);
    assertEquals("replay", moved.hello("device-move", last).getString("resume"));
    assertEquals(last + 1, moved.next().getLong("seq"));
  }

  @Test
  void presenceNamesTheNodeFromTheHelloUntilTheLastSocketIsGone() {
    long user = user();
    Presence presence = new Presence(gateway.node().platform().cache(), gateway.node().clock());
    LiveClient one = live(user, "device-one");
    LiveClient two = live(user, "device-two");
    assertEquals(1, nodes(presence, user));
    one.close();
    assertEquals("pong", two.answer(two.send("ping", new JsonObject())).getString("type"));
    assertEquals(1, nodes(presence, user));
    two.close();
    gateway.eventually("nobody is there", () -> nodes(presence, user) == 0);
  }

  private static int nodes(Presence presence, long user) {
    return presence.nodesOf(user).toCompletionStage().toCompletableFuture().join().size();
  }

  @Test
  void aFullNodeRefusesFurtherSocketsAndWithoutRedisOnlyTicketsFail() throws Exception {
    try (ApiRedisLink redis = new ApiRedisLink(gateway.node().config().redis().url())) {
      ApiGateway own =
          ApiGateway.start(
              "live_full",
              "SHARESTACK_REDIS_URL",
              redis.url(),
              "SHARESTACK_LIVE_MAX_SOCKETS",
              "1",
              "SHARESTACK_LIVE_POLL_MILLIS",
              "200",
              "SHARESTACK_LIVE_DRAIN_MILLIS",
              "20");
      MessageLog quiet = new MessageLog().serve(own);
      redis.cut();
      assertEquals("SERVICE_UNAVAILABLE", buy(own.as(READER), "messages").errorCode());
      LiveClient client =
          LiveClient.withToken(own.api().port(), own.token(READER, "ses_of_" + READER));
      client.hello("device-alone", null);
      long seq = quiet.append(READER, "没有 Redis");
      assertEquals(seq, client.await("message.new").getLong("seq"), "found by looking");
      WebSocketConnectOptions further =
          LiveClient.handshake(own.api().port(), "")
              .addHeader("Authorization", "Bearer " + own.token(CREATOR, "ses_full"));
      assertEquals("503 SERVICE_UNAVAILABLE", LiveClient.refusal(further));
      client.close();
      own.eventually("there is room", () -> LiveClient.refusal(further).equals("opened"));
      own.close();
    }
  }
}
