package com.sharestack.cluster;

import com.sharestack.cluster.Answers.Answer;
import com.sharestack.cluster.History.Edge;
import com.sharestack.cluster.History.Intent;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * One device of a user: does one thing after the other as its dice say, over its socket or over
 * REST, and repeats what was left unclear until it knows. Lives on one thread.
 */
final class Device {

  private static final int MOST_PENDING = 3;
  private static final Set<String> REFUSALS =
      Set.of("MESSAGE_NOT_ALLOWED", "USER_BLOCKED", "MESSAGE_REQUEST_LIMIT", "MESSAGE_NOT_FOUND");

  private final History history;
  private final Owner owner;
  private final DeviceLog log;
  private final Answers answers;
  private final RestDoor rest;
  private final SocketDoor socket;
  private final DeviceBlocks blocks;
  private final Random random;
  private final Deque<Intent> pending = new ArrayDeque<>();
  private final List<Intent> acked = new ArrayList<>();
  private final Set<Intent> recalling = new HashSet<>();
  private final Set<Intent> recalled = new HashSet<>();

  /** Refused, but an attempt before had left it unclear, and may have come through later. */
  private final Set<Intent> doubtful = new HashSet<>();

  private final Map<Long, Long> conversations = new HashMap<>();
  private final Map<Long, Long> readMarks = new HashMap<>();

  /**
   * Whose device it is.
   *
   * @param live whether it uses a socket
   * @param primary whether it is the one of the user's devices that blocks
   * @param peers whom the user writes to
   * @param pace multiplies its pauses
   */
  record Owner(
      long userId,
      String device,
      String token,
      boolean live,
      boolean primary,
      List<Long> peers,
      int pace,
      Random random) {}

  Device(History history, FaultyCluster cluster, Owner owner) {
    this.history = history;
    this.owner = owner;
    this.log = new DeviceLog(history, owner.userId(), owner.device());
    this.answers = new Answers(history, cluster, owner.device());
    this.rest = new RestDoor(history, cluster, answers, owner);
    this.socket = new SocketDoor(history, cluster, answers, log, owner);
    this.blocks = new DeviceBlocks(history, rest, owner);
    this.random = owner.random();
  }

  Owner owner() {
    return owner;
  }

  DeviceLog log() {
    return log;
  }

  RestDoor rest() {
    return rest;
  }

  /** When something was last answered in the words of the contract. */
  long answeredNanos() {
    return answers.answeredNanos();
  }

  /** Conversation -> the highest own mark that was told. */
  Map<Long, Long> readMarks() {
    return readMarks;
  }

  /** One thing, and a pause. */
  void turn() throws InterruptedException {
    if (owner.live() && !socket.isOpen() && random.nextInt(3) > 0) {
      socket.connect(random.nextInt(3));
    }
    if (!pending.isEmpty() && random.nextInt(10) < 7) {
      attempt(pending.poll());
    } else if (blocks.isOpen() && random.nextInt(10) < 5) {
      blocks.settle();
    } else if (!recalling.isEmpty() && random.nextInt(10) < 5) {
      recall(recalling.iterator().next());
    } else {
      something(random.nextInt(100));
    }
    if (!socket.isOpen() && random.nextInt(3) == 0) {
      rest.sync(log);
    }
    socket.listen((150 + random.nextInt(850)) * owner.pace() + answers.backoffMillis(random));
  }

  private void something(int dice) throws InterruptedException {
    if (dice < 45 && pending.size() < MOST_PENDING) {
      attempt(fresh());
    } else if (dice < 55 && !acked.isEmpty()) {
      attempt(any(acked)); // for no reason
    } else if (dice < 70) {
      read();
    } else if (dice < 77 && !acked.isEmpty()) {
      recall(any(acked));
    } else if (dice < 84 && owner.primary()) {
      blocks.change();
    } else if (dice < 92) {
      whisper();
    } else if (dice < 97 && socket.isOpen()) {
      leave(random.nextInt(3));
    } else if (socket.isOpen()) {
      socket.sync();
    } else {
      rest.ask("GET", "/messages/unread-count", null);
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private Intent fresh() {
    long peer = any(owner.peers());
    String id = new UUID(random.nextLong(), random.nextLong()).toString();
    String text = "第 %d 句 mark-%s".formatted(random.nextInt(1_000), UUID.randomUUID());
    JsonObject body = new JsonObject().put("client_msg_id", id).put("content", text);
    Long conversation = conversations.get(peer);
    if (conversation != null && random.nextBoolean()) {
      body.put("conversation_id", conversation);
      List<DeviceLog.Message> known =
          List.copyOf(
              log.messages().getOrDefault(conversation, new java.util.TreeMap<>()).values());
      if (!known.isEmpty() && random.nextInt(5) == 0) {
        body.put("reply_to_message_id", any(known).id);
      }
    } else {
      body.put("to_user_id", peer);
    }
    Intent intent = new Intent(new Edge(owner.userId(), peer), id, text, body);
    history.add(intent);
    return intent;
  }

  /** Sends it, again or for the first time, through either door. */
  private void attempt(Intent intent) throws InterruptedException {
    if (intent.firstTriedMillis == 0) {
      intent.firstTriedMillis = System.currentTimeMillis();
    } else {
      history.count("sends repeated");
    }
    boolean live = socket.isOpen() && random.nextInt(4) > 0;
    Answer answer =
        live ? socket.ask("message.send", intent.body) : rest.ask("POST", "/messages", intent.body);
    if (answer.done()) {
      JsonObject told = live ? answer.data() : answer.data().getJsonObject("message");
      accepted(intent, History.Accepted.of(told, live ? "message_id" : "id"));
    } else if (answer.unclear()) {
      intent.unclear = true;
      pending.add(intent);
    } else {
      refused(intent, answer);
    }
  }

  private void accepted(Intent intent, History.Accepted told) {
    boolean first = intent.accepted == null || !acked.contains(intent);
    history.accepted(intent, told, owner.device());
    conversations.put(intent.edge.to(), told.conversation());
    intent.refused = null;
    if (first) {
      acked.add(intent);
    }
  }

  private void refused(Intent intent, Answer answer) {
    history.count("send refused: " + answer.code());
    boolean blocked =
        switch (answer.code()) {
          case "USER_BLOCKED" -> history.blocks(intent.edge).isEmpty();
          case "MESSAGE_NOT_ALLOWED" ->
              history.blocks(new Edge(intent.edge.to(), intent.edge.from())).isEmpty();
          default -> false;
        };
    if (!REFUSALS.contains(answer.code()) || blocked || intent.accepted != null) {
      history.violated(owner.device(), "no reason to refuse " + intent.body + ": " + answer);
    }
    intent.refused = answer.code();
    if (intent.unclear) {
      doubtful.add(intent);
    }
  }

  private void read() throws InterruptedException {
    List<Long> known = List.copyOf(log.messages().keySet());
    if (known.isEmpty()) {
      return;
    }
    long conversation = any(known);
    long head = log.messages().get(conversation).lastKey();
    long upTo = Math.max(1, head - random.nextInt(4));
    Answer answer =
        socket.isOpen()
            ? socket.ask(
                "read",
                new JsonObject().put("conversation_id", conversation).put("up_to_seq", upTo))
            : rest.ask(
                "PUT",
                "/conversations/" + conversation + "/read",
                random.nextInt(4) == 0
                    ? new JsonObject()
                    : new JsonObject().put("up_to_seq", upTo));
    if (answer.done()) {
      long mark = answer.data().getLong("my_read_seq");
      if (mark < Math.max(upTo, readMarks.getOrDefault(conversation, 0L))) {
        history.violated(owner.device(), "a read mark went back: " + answer.data());
      }
      readMarks.put(conversation, mark);
      history.count("reads acked");
    } else if (!answer.unclear()) {
      history.violated(owner.device(), "read refused: " + answer);
    }
  }

  private void recall(Intent intent) throws InterruptedException {
    if (recalled.contains(intent)) {
      return;
    }
    long id = intent.accepted.id();
    Answer answer =
        socket.isOpen()
            ? socket.ask("message.recall", new JsonObject().put("message_id", id))
            : rest.ask("POST", "/messages/" + id + "/recall", null);
    if (answer.done()) {
      history.recalled(intent);
      recalled.add(intent);
    } else if (answer.unclear()) {
      recalling.add(intent);
      return;
    } else if (!answer.code().equals("RECALL_WINDOW_EXPIRED")) {
      history.violated(owner.device(), "recall refused: " + answer);
    }
    recalling.remove(intent);
  }

  /** What nobody waits for: typing, and how far the device has stored the log. */
  private void whisper() {
    if (!socket.isOpen()) {
      return;
    }
    if (random.nextBoolean() && !conversations.isEmpty()) {
      socket.tell(
          "typing",
          UUID.randomUUID().toString(),
          new JsonObject()
              .put("conversation_id", any(List.copyOf(conversations.values())))
              .put("state", random.nextBoolean() ? "start" : "stop"));
    } else {
      socket.tell(
          "event.ack", UUID.randomUUID().toString(), new JsonObject().put("seq", log.last()));
    }
  }

  private void leave(int how) {
    history.count("left a socket");
    switch (how) {
      case 0 -> socket.vanish();
      case 1 -> socket.abandon();
      default -> socket.hangUp();
    }
  }

  /** Asks once more for what is left unclear; false while something still is. */
  boolean settle() throws InterruptedException {
    socket.listen(100 + answers.backoffMillis(random));
    if (!pending.isEmpty()) {
      attempt(pending.poll());
    }
    if (pending.isEmpty() && !doubtful.isEmpty()) {
      Intent intent = doubtful.iterator().next();
      doubtful.remove(intent);
      intent.unclear = false;
      attempt(intent);
    }
    if (!recalling.isEmpty()) {
      recall(recalling.iterator().next());
    }
    if (blocks.isOpen()) {
      blocks.settle();
    }
    return pending.isEmpty() && doubtful.isEmpty() && recalling.isEmpty() && !blocks.isOpen();
  }

  void hangUp() {
    socket.hangUp();
  }

  /** Only takes what comes. */
  void follow() throws InterruptedException {
    if (!owner.live()) {
      rest.sync(log);
    } else if (!socket.isOpen()) {
      socket.connect(0);
    }
    socket.listen(200);
  }
}
