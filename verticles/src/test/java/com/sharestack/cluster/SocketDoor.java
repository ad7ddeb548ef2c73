package com.sharestack.cluster;

import com.sharestack.cluster.Answers.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/** One device's socket to some node: connects, resumes, asks, and takes what comes. */
final class SocketDoor {

  private static final Set<Integer> CLOSES =
      Set.of(1000, 1001, 1011, 1013, 4408, 4409, DeviceSocket.CUT);

  private final History history;
  private final FaultyCluster cluster;
  private final Answers answers;
  private final DeviceLog log;
  private final String device;
  private final String token;
  private final Random random;
  private DeviceSocket socket;
  private int node;
  private long helloNanos;

  /** Newest seq written to the present connection. */
  private long position;

  SocketDoor(
      History history, FaultyCluster cluster, Answers answers, DeviceLog log, Device.Owner owner) {
    this.history = history;
    this.cluster = cluster;
    this.answers = answers;
    this.log = log;
    this.device = owner.device();
    this.token = owner.token();
    this.random = owner.random();
  }

  boolean isOpen() {
    return socket != null;
  }

  /**
   * Connects to some node and resumes.
   *
   * @param back how many events before its last the device says it has
   */
  boolean connect(long back) throws InterruptedException {
    node = random.nextInt(FaultPlan.NODES);
    long start = System.nanoTime();
    try {
      socket = DeviceSocket.open(cluster.httpPort(node), token, Answers.MOST_SILENCE);
    } catch (DeviceSocket.Refused refused) {
      history.count("failure: handshake " + refused.status());
      if (!Answers.PASSING.containsValue(refused.status())) {
        history.violated(device, "handshake answered " + refused.status());
      }
      return false;
    } catch (IOException broken) {
      answers.refused("handshake", node, start, broken);
      return false;
    } catch (TimeoutException silent) {
      return false; // reported below
    } finally {
      answers.silence("handshake", start);
    }
    helloNanos = System.nanoTime();
    position = Math.max(0, log.last() - back);
    Answer welcome =
        ask(
            "hello",
            new JsonObject()
                .put("device_id", device)
                .put("client", "web")
                .put("since_seq", position));
    if (!welcome.done()) {
      hangUp();
      return false;
    }
    String resume = welcome.data().getString("resume");
    history.count("resumed " + resume);
    if (resume.equals("reset")) {
      history.violated(device, "cannot resume from " + position + ": " + welcome.data());
    }
    return true;
  }

  /** A request over the socket, which must be open. */
  Answer ask(String type, JsonObject data) throws InterruptedException {
    String id = UUID.randomUUID().toString();
    long start = System.nanoTime();
    tell(type, id, data);
    try {
      while (true) {
        JsonObject frame = next(Answers.MOST_SILENCE + 100 - Waiting.millisSince(start));
        if (frame == null) {
          hangUp();
          return Answers.NOTHING;
        }
        if (id.equals(frame.getString("ref"))) {
          if (!frame.getString("type").equals("error")) {
            return answers.done(frame.getJsonObject("data"));
          }
          JsonObject error = frame.getJsonObject("data");
          return answers.failed(type, "socket", error.getString("code"), 0, error);
        }
      }
    } finally {
      answers.silence(type + " on node " + node, start);
    }
  }

  /** A frame that gets no answer. */
  void tell(String type, String id, JsonObject data) {
    socket.send(new JsonObject().put("type", type).put("id", id).put("data", data));
  }

  /** Takes what arrives for so long; nothing while there is no connection. */
  void listen(long millis) throws InterruptedException {
    long start = System.nanoTime();
    while (socket != null && Waiting.millisSince(start) < millis) {
      next(millis - Waiting.millisSince(start));
    }
    if (socket == null) {
      Waiting.pause(Math.max(1, millis - Waiting.millisSince(start)));
    }
  }

  private JsonObject next(long millis) throws InterruptedException {
    JsonObject frame = socket == null ? null : socket.next(millis);
    if (frame != null) {
      take(frame);
    } else if (socket != null && socket.closed() != null) {
      ended(socket.closed());
    }
    return frame;
  }

  private void ended(int code) {
    history.count("closed " + code);
    boolean cut = code == DeviceSocket.CUT;
    if (!CLOSES.contains(code) || cut && !cluster.wasKilled(node, helloNanos)) {
      history.violated(device, "closed by node " + node + " with " + code);
    }
    socket = null;
  }

  /** Durable frames of one connection have every number once, in order. */
  private void take(JsonObject frame) {
    String type = frame.getString("type");
    Long seq = frame.getLong("seq");
    JsonObject data = frame.getJsonObject("data");
    boolean repeatedAck = type.equals("message.ack") && data.getBoolean("duplicate");
    if (type.equals("sync.reset")) {
      history.violated(device, "told to load anew: " + frame);
    }
    if (seq == null || repeatedAck) {
      history.checkTexts(frame, helloNanos, device);
      return;
    }
    if (seq != position + 1) {
      history.violated(device, "frame " + seq + " after " + position + ": " + frame);
    }
    position = seq;
    log.apply(seq, type, data, helloNanos);
  }

  /** Leaves with a close frame. */
  void hangUp() {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }

  /** Vanishes: the connection ends, but nobody says so. */
  void vanish() {
    socket.abort();
    socket = null;
  }

  /** Vanishes without ending the connection; the server has to find out. */
  void abandon() {
    socket = null;
  }

  /** Asks for newest events. */
  void sync() throws InterruptedException {
    long asked = System.nanoTime();
    Answer answer = ask("sync", new JsonObject().put("since_seq", log.last()).put("limit", 50));
    if (answer.done()) {
      log.applyPage(answer.data(), asked);
    }
  }
}
