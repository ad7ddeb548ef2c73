package com.sharestack.gateway.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sharestack.testing.RawFrames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What passes the gate and what is kept of the rest: nothing. */
class FrameGateTest {

  private final List<CloseCode> refused = new ArrayList<>();
  private int dropped;
  private long now = 1_000_000;

  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new FrameGate(
              new FrameGate.Guard() {
                @Override
                public long nowMillis() {
                  return now;
                }

                @Override
                public void dropped() {
                  dropped++;
                }

                @Override
                public void refused(CloseCode code) {
                  refused.add(code);
                }
              }));

  private void send(byte[] bytes) {
    ByteBuf buffer = Unpooled.copiedBuffer(bytes);
    channel.writeInbound(buffer);
    ByteBuf passed = channel.readInbound();
    if (passed == null) {
      assertEquals(0, buffer.refCnt(), "kept");
    }
    for (; passed != null; passed = channel.readInbound()) {
      through += passed.readableBytes();
      passed.release();
    }
  }

  private long through;

  @Test
  void nothingIsKeptOfAFrameThatIsTooLarge() {
    send(RawFrames.header(0x81, 64L << 20, true));
    for (int i = 0; i < 1024; i++) {
      send(new byte[1 << 16]);
    }
    assertEquals(List.of(CloseCode.TOO_LARGE), refused, "told once");
    assertEquals(0, through);
    byte[] close = RawFrames.encoded(RawFrames.CLOSE, true, new byte[] {3, -15});
    send(close);
    assertEquals(close.length, through, "the client's close passes behind it");
  }

  @Test
  void whatPassesIsTheSameToTheByte() {
    byte[] frame = RawFrames.encoded(RawFrames.TEXT, true, new byte[60_000]);
    for (byte each : frame) {
      send(new byte[] {each});
    }
    assertEquals(frame.length, through);
    assertEquals(List.of(), refused);
  }

  @Test
  void pingsOfAClientThatReadsNothingAreDropped() {
    byte[] ping = RawFrames.encoded(RawFrames.PING, true, new byte[100]);
    send(ping);
    assertEquals(ping.length, through);
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    for (int i = 0; i < 100; i++) {
      send(ping);
    }
    assertEquals(ping.length, through);
    assertEquals(100, dropped, "but they are signs of life");
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    send(ping);
    assertEquals(2L * ping.length, through);
    assertEquals(List.of(), refused);
  }

  @Test
  void framesAreCountedPerWindow() {
    byte[] pong = RawFrames.encoded(RawFrames.PONG, true, new byte[0]);
    for (int window = 0; window < 3; window++) {
      for (int i = 0; i < FrameGate.MOST_IN_WINDOW; i++) {
        send(pong);
      }
      assertEquals(List.of(), refused);
      now += FrameRate.WINDOW_MILLIS;
    }
    for (int i = 0; i <= FrameGate.MOST_IN_WINDOW; i++) {
      send(pong);
    }
    assertEquals(List.of(CloseCode.FRAME_RATE), refused);
  }

  @Test
  void whatIsNoFrameIsLeftAlone() {
    channel.writeInbound("an event of another handler");
    assertEquals("an event of another handler", channel.readInbound());
    assertNull(channel.readInbound());
  }
}
