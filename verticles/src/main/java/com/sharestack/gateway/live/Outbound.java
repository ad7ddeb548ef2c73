package com.sharestack.gateway.live;

import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Handler;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is written to one socket and has not left yet, counted in frames and bytes. Above half of
 * the limit the queue is congested: durable events wait in the log, fleeting frames are dropped.
 * Above the limit the connection has to close.
 */
final class Outbound {

  static final int MAX_FRAMES = 512;
  static final int MAX_BYTES = 1 << 20;

  /** Below the half, so that a page of the log that is written whole stays within the limit. */
  private static final int CONGESTED_FRAMES = MAX_FRAMES / 2;

  private static final int CONGESTED_BYTES = MAX_BYTES / 4;

  private final ServerWebSocket socket;
  private final Clock clock;
  private final Handler<Void> drained;
  private int frames;
  private int bytes;
  private boolean congested;
  private long movedMillis;

  /**
   * @param drained called when a congested queue has room again
   */
  Outbound(ServerWebSocket socket, Clock clock, Handler<Void> drained) {
    this.socket = socket;
    this.clock = clock;
    this.drained = drained;
    this.movedMillis = clock.millis();
  }

  /** Writes a frame; {@code seq} and {@code ref} are left out when null. */
  void send(String type, Long seq, String ref, JsonObject data) {
    JsonObject frame = new JsonObject().put("type", type);
    if (seq != null) {
      frame.put("seq", seq);
    }
    if (ref != null) {
      frame.put("ref", ref);
    }
    write(frame.put("data", data).put("ts", millis(clock.instant())).encode());
  }

  private void write(String text) {
    int size = ByteBufUtil.utf8Bytes(text);
    if (frames == 0) {
      movedMillis = clock.millis();
    }
    frames++;
    bytes += size;
    congested = congested || frames >= CONGESTED_FRAMES || bytes >= CONGESTED_BYTES;
    socket.writeTextMessage(text).onComplete(left -> left(size));
  }

  private void left(int size) {
    frames--;
    bytes -= size;
    movedMillis = clock.millis();
    if (congested && frames <= CONGESTED_FRAMES / 2 && bytes <= CONGESTED_BYTES / 2) {
      congested = false;
      drained.handle(null);
    }
  }

  boolean congested() {
    return congested;
  }

  boolean overflown() {
    return frames > MAX_FRAMES || bytes > MAX_BYTES;
  }

  /** How long nothing has left while something waits; 0 when nothing waits. */
  long stalledMillis() {
    return frames == 0 ? 0 : clock.millis() - movedMillis;
  }

  /** With milliseconds, always three of them. */
  static String millis(Instant at) {
    String text = at.truncatedTo(ChronoUnit.MILLIS).toString();
    return text.length() == 20 ? text.substring(0, 19) + ".000Z" : text;
  }
}
