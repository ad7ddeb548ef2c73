package com.sharestack.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client of sharestack.dm.v1 for tests: a real WebSocket that keeps what it hears. */
public final class LiveClient implements AutoCloseable {

  public static final String PROTOCOL = "sharestack.dm.v1";
  private static final long WAIT_SECONDS = 12;
  private static final Vertx VERTX = Vertx.vertx();
  private static final WebSocketClient CLIENT =
      VERTX.createWebSocketClient(
          new WebSocketClientOptions()
              .setMaxConnections(5000)
              .setMaxFrameSize(1 << 17)
              .setMaxMessageSize(1 << 17));

  private final WebSocket socket;
  private final BlockingQueue<JsonObject> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();

  private LiveClient(WebSocket socket) {
    this.socket = socket;
    socket.textMessageHandler(text -> heard.add(new JsonObject(text)));
    socket.closeHandler(
        end ->
            closed.complete(
                socket.closeStatusCode() == null ? 1006 : (int) socket.closeStatusCode()));
    socket.exceptionHandler(broken -> {});
  }

  /** A handshake to try, header by header. */
  public static WebSocketConnectOptions handshake(int port, String query) {
    return new WebSocketConnectOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setURI("/api/v1/ws/messages" + query)
        .setAllowOriginHeader(false)
        .addSubProtocol(PROTOCOL);
  }

  public static LiveClient withToken(int port, String token) {
    return open(handshake(port, "").addHeader("Authorization", "Bearer " + token));
  }

  public static LiveClient withTicket(int port, String ticket) {
    return open(handshake(port, "?ticket=" + ticket));
  }

  /**
   * @throws AssertionError naming the status when the handshake is refused
   */
  public static LiveClient open(WebSocketConnectOptions handshake) {
    CompletableFuture<LiveClient> opened = new CompletableFuture<>();
    CLIENT
        .connect(handshake)
        .onSuccess(socket -> opened.complete(new LiveClient(socket)))
        .onFailure(opened::completeExceptionally);
    try {
      return opened.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UpgradeRejectedException refused
          ? new AssertionError("HTTP " + refused.getStatus(), refused)
          : new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** The HTTP answer to a handshake that must be refused: {@code 401 UNAUTHORIZED}. */
  public static String refusal(WebSocketConnectOptions handshake) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    CLIENT
        .connect(handshake)
        .onSuccess(socket -> answer.complete("opened"))
        .onFailure(
            failure ->
                answer.complete(
                    failure instanceof UpgradeRejectedException refused
                        ? refused.getStatus()
                            + " "
                            + new JsonObject(refused.getBody())
                                .getJsonObject("error")
                                .getString("code")
                        : failure.toString()));
    return answer.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  public String subProtocol() {
    return socket.subProtocol();
  }

  public String extensions() {
    return socket.headers().get("Sec-WebSocket-Extensions");
  }

  /** Says hello; the welcome's data. */
  public JsonObject hello(String device, Long since) {
    send(
        "hello",
        new JsonObject().put("device_id", device).put("client", "web").put("since_seq", since));
    return await("welcome").getJsonObject("data");
  }

  /** Sends a frame; its id. */
  public String send(String type, JsonObject data) {
    String id = UUID.randomUUID().toString();
    text(new JsonObject().put("type", type).put("id", id).put("data", data).encode());
    return id;
  }

  public void text(String text) {
    socket.writeFrame(WebSocketFrame.textFrame(text, true));
  }

  public void frame(WebSocketFrame frame) {
    socket.writeFrame(frame);
  }

  public void ping() {
    socket.writePing(Buffer.buffer("x"));
  }

  /** The next frame. */
  public JsonObject next() {
    try {
      JsonObject frame = heard.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no frame; closed: " + closed.getNow(null));
      }
      return frame;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The next frame of this type; others before it are dropped. */
  public JsonObject await(String type) {
    JsonObject frame = next();
    while (!frame.getString("type").equals(type)) {
      frame = next();
    }
    return frame;
  }

  /** The answer to the frame with this id. */
  public JsonObject answer(String id) {
    JsonObject frame = next();
    while (!id.equals(frame.getString("ref"))) {
      frame = next();
    }
    return frame;
  }

  /** What was heard and not taken yet. */
  public List<JsonObject> heard() {
    return List.copyOf(heard);
  }

  /** From now on nothing is read from the socket. */
  public LiveClient stopReading() {
    socket.pause();
    return this;
  }

  public void readOn() {
    socket.resume();
  }

  public boolean isOpen() {
    return !closed.isDone();
  }

  public int closeCode() {
    return closed.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    socket.resume();
    socket.close();
  }
}
