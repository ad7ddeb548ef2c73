package com.sharestack.gateway.live;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.time.Clock;

/**
 * What a client sends on one socket, from the WebSocket's frames to the protocol's: put together,
 * counted, read and checked. What does not pass is refused or ends the connection with its code.
 */
final class Intake {

  private static final int MAX_BAD_FRAMES = 10;

  private final Clock clock;
  private final Host host;
  private final Reassembly reassembly = new Reassembly();
  private final FrameRate rate = new FrameRate();
  private int badFrames;

  /** The connection that takes the frames. */
  interface Host {
    /** Whether a frame of this type may come now. */
    boolean admits(String type);

    /** A frame that is in order. */
    void take(ClientFrame frame);

    /**
     * @param ref id of the refused frame; null for none
     */
    void tell(String ref, Refused refused, boolean fatal);

    void close(CloseCode code);
  }

  Intake(Clock clock, Host host) {
    this.clock = clock;
    this.host = host;
  }

  void frame(WebSocketFrame frame) {
    if (frame.isBinary()) {
      host.close(CloseCode.BINARY);
      return;
    }
    if (!frame.isText() && !frame.isContinuation()) {
      return;
    }
    Buffer whole = reassembly.add(frame);
    if (reassembly.tooLarge()) {
      host.close(CloseCode.TOO_LARGE);
    } else if (whole != null) {
      text(whole);
    }
  }

  private void text(Buffer text) {
    if (!Reassembly.isUtf8(text)) {
      host.close(CloseCode.INVALID_TEXT);
      return;
    }
    switch (rate.count(clock.millis())) {
      case FINE -> read(text);
      case FIRST_SURPLUS -> refuse(null, rate.refusal(clock.millis()));
      case SURPLUS -> {}
      case ABUSE -> host.close(CloseCode.FRAME_RATE);
    }
  }

  private void read(Buffer text) {
    ClientFrame frame;
    try {
      frame = ClientFrame.read(text);
      if (!host.admits(frame.type())) {
        throw new Refused(Refused.NOT_READY, "请先发送 hello 并等待 welcome", null);
      }
      FrameRules.check(frame);
    } catch (Refused refused) {
      refuse(Reassembly.idOf(text), refused);
      return;
    }
    host.take(frame);
  }

  /** Tells what was wrong with a frame, and ends a session that was wrong too often. */
  void refuse(String ref, Refused refused) {
    badFrames += refused.malformed() ? 1 : 0;
    boolean fatal = refused.code().equals(Refused.NOT_READY) || badFrames >= MAX_BAD_FRAMES;
    host.tell(ref, refused, fatal);
    if (fatal) {
      host.close(CloseCode.PROTOCOL);
    }
  }
}
