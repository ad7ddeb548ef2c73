package com.sharestack.cluster;

import com.sharestack.testing.LiveClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A socket of sharestack.dm.v1 that can also vanish without a word, which {@link LiveClient}
 * cannot. Used by one thread.
 */
final class DeviceSocket {

  /** Close code of a connection that ended without a close frame. */
  static final int CUT = 1006;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final BlockingQueue<JsonObject> heard = new LinkedBlockingQueue<>();
  private final StringBuilder partial = new StringBuilder();
  private WebSocket socket;
  private Integer closed;

  /** The handshake was answered with this HTTP status. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refused(int status) {
      super("HTTP " + status);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private DeviceSocket() {}

  static DeviceSocket open(int port, String token, long millis)
      throws IOException, InterruptedException, TimeoutException {
    DeviceSocket opened = new DeviceSocket();
    try {
      opened.socket =
          HTTP.newWebSocketBuilder()
              .subprotocols(LiveClient.PROTOCOL)
              .header("Authorization", "Bearer " + token)
              .buildAsync(
                  URI.create("ws://127.0.0.1:" + port + "/api/v1/ws/messages"), opened.listener())
              .get(millis, TimeUnit.MILLISECONDS);
      return opened;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        throw new Refused(refused.getResponse().statusCode());
      }
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  private WebSocket.Listener listener() {
    return new WebSocket.Listener() {
      @Override
      public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        partial.append(text);
        if (last) {
          heard.add(new JsonObject(partial.toString()));
          partial.setLength(0);
        }
        from.request(1);
        return null;
      }

      @Override
      public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        heard.add(end(code));
        return null;
      }

      @Override
      public void onError(WebSocket from, Throwable broken) {
        heard.add(end(CUT));
      }
    };
  }

  private static JsonObject end(int code) {
    return new JsonObject().put("closed", code);
  }

  /** A frame that is lost with the connection is no failure: the end is heard of by reading. */
  void send(JsonObject frame) {
    socket.sendText(frame.encode(), true).exceptionally(broken -> null);
  }

  /** The next frame, or null when there is none in time or none any more. */
  JsonObject next(long millis) throws InterruptedException {
    if (closed != null) {
      return null;
    }
    JsonObject frame = heard.poll(Math.max(0, millis), TimeUnit.MILLISECONDS);
    if (frame != null && frame.containsKey("closed")) {
      closed = frame.getInteger("closed");
      return null;
    }
    return frame;
  }

  /** Close code, {@link #CUT} without one; null while it is open. */
  Integer closed() {
    return closed;
  }

  /** Ends the connection without a close frame. */
  void abort() {
    socket.abort();
  }

  void close() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(broken -> null);
  }
}
