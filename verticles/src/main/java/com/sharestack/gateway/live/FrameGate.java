package com.sharestack.gateway.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;

/**
 * Stands in front of Netty's frame decoder and reads the headers of a client's frames, before a
 * byte of what they announce is kept. Netty holds a whole frame and, when one is larger than it may
 * be or malformed, ends the connection in a way that loses the close code. Here such a frame is
 * skipped, however long it is: its bytes are dropped as they come, the connection closes with its
 * code, and the client has the time of the closing handshake to hear it.
 *
 * <p>It also counts frames on the wire, which fragments and protocol pings are too, and drops pings
 * of a client that does not take the pongs.
 */
final class FrameGate extends ChannelInboundHandlerAdapter {

  /** As many fragments as 60 frames may have, and pings, in 10 s. */
  static final int MOST_IN_WINDOW = 1_200;

  private static final String NETTY_DECODER = "wsdecoder";
  private static final int MAX_HEADER = 14;
  private static final int MAX_CONTROL_BYTES = 125;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final Guard guard;
  private final byte[] header = new byte[MAX_HEADER];
  private int filled;
  private long left;
  private boolean skipping;
  private boolean inMessage;
  private long messageBytes;
  private long window;
  private int framesInWindow;
  private boolean refused;

  /** What the gate asks and tells; all on the connection's event loop. */
  interface Guard {
    long nowMillis();

    /** A frame came that nobody else will see. */
    void dropped();

    /** The connection has to end; nothing but a close frame passes from now on. */
    void refused(CloseCode code);
  }

  FrameGate(Guard guard) {
    this.guard = guard;
  }

  /** Puts a gate in front of the socket; call on its event loop before it reads. */
  static void install(ServerWebSocket socket, Guard guard) {
    ((WebSocketInternal) socket)
        .channelHandlerContext()
        .pipeline()
        .addBefore(NETTY_DECODER, "frame-gate", new FrameGate(guard));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    try {
      while (bytes.isReadable()) {
        if (left > 0) {
          payload(context, bytes);
        } else {
          header[filled++] = bytes.readByte();
          if (filled >= 2 && filled == headerLength()) {
            begin(context);
          }
        }
      }
    } finally {
      bytes.release();
    }
  }

  private void payload(ChannelHandlerContext context, ByteBuf bytes) {
    int here = (int) Math.min(left, bytes.readableBytes());
    left -= here;
    if (skipping) {
      bytes.skipBytes(here);
    } else {
      context.fireChannelRead(bytes.readRetainedSlice(here));
    }
  }

  private int headerLength() {
    int mask = (header[1] & 0x80) != 0 ? 4 : 0;
    return switch (header[1] & 0x7f) {
      case 126 -> 4 + mask;
      case 127 -> 10 + mask;
      default -> 2 + mask;
    };
  }

  private long payloadLength() {
    int small = header[1] & 0x7f;
    int bytes = small == 126 ? 2 : small == 127 ? 8 : 0;
    long length = bytes == 0 ? small : 0;
    for (int i = 0; i < bytes; i++) {
      length = length << 8 | header[2 + i] & 0xff;
    }
    return length;
  }

  private void begin(ChannelHandlerContext context) {
    int size = filled;
    filled = 0;
    long length = payloadLength();
    // the highest bit is not allowed: as much as there can be is dropped
    left = length < 0 ? Long.MAX_VALUE : length;
    int opcode = header[0] & 0x0f;
    CloseCode code = refused ? null : check(opcode, left);
    if (code != null) {
      refused = true;
      guard.refused(code);
    }
    boolean flooding = opcode == PING && !context.channel().isWritable();
    skipping = flooding || refused && !(opcode == CLOSE && wellFormed(opcode, left));
    if (skipping) {
      guard.dropped();
    } else {
      context.fireChannelRead(Unpooled.copiedBuffer(header, 0, size));
    }
  }

  /** Why the connection cannot go on after this frame; null when it can. */
  private CloseCode check(int opcode, long length) {
    if (!wellFormed(opcode, length)) {
      return CloseCode.PROTOCOL;
    }
    if (opcode == BINARY) {
      return CloseCode.BINARY;
    }
    if (tooMany()) {
      return CloseCode.FRAME_RATE;
    }
    if (opcode == TEXT || opcode == CONTINUATION) {
      messageBytes = (opcode == TEXT ? 0 : messageBytes) + length;
      inMessage = (header[0] & 0x80) == 0;
      return length > Reassembly.MAX_BYTES || messageBytes > Reassembly.MAX_BYTES
          ? CloseCode.TOO_LARGE
          : null;
    }
    return null;
  }

  private boolean wellFormed(int opcode, long length) {
    boolean last = (header[0] & 0x80) != 0;
    boolean extended = (header[0] & 0x70) != 0;
    boolean masked = (header[1] & 0x80) != 0;
    if (extended || !masked) {
      return false;
    }
    return switch (opcode) {
      case CONTINUATION -> inMessage;
      case TEXT, BINARY -> !inMessage;
      case CLOSE, PING, PONG -> last && length <= MAX_CONTROL_BYTES;
      default -> false;
    };
  }

  private boolean tooMany() {
    long current = guard.nowMillis() / FrameRate.WINDOW_MILLIS;
    if (current != window) {
      window = current;
      framesInWindow = 0;
    }
    return ++framesInWindow > MOST_IN_WINDOW;
  }
}
