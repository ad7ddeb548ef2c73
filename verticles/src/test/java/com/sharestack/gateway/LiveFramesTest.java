package com.sharestack.gateway;

import static com.sharestack.testing.RawFrames.BINARY;
import static com.sharestack.testing.RawFrames.CLOSE;
import static com.sharestack.testing.RawFrames.CONTINUATION;
import static com.sharestack.testing.RawFrames.PING;
import static com.sharestack.testing.RawFrames.PONG;
import static com.sharestack.testing.RawFrames.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.UserType;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.MessageLog;
import com.sharestack.testing.RawFrames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames on the wire that are too large, too many or wrong: each ends with its close code. */
@Timeout(60)
class LiveFramesTest {

  private static final int LIMIT = 65_536;
  private static final byte[] NOTHING = {};

  private static ApiGateway gateway;
  private static long user = 9_000;
  private RawFrames client;

  @BeforeAll
  static void start() {
    gateway = ApiGateway.start("live_frames", "SHARESTACK_RATES_OPERATION_FACTOR", "100");
    new MessageLog().serve(gateway);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private RawFrames live() throws IOException {
    gateway.account(++user, AccountStatus.ACTIVE, UserType.READER);
    client = new RawFrames(gateway.api().port(), gateway.token(user, "ses_of_" + user));
    return client.hello("device-raw-1");
  }

  @AfterEach
  void hangUp() throws IOException {
    client.close();
  }

  private static byte[] bytes(int count, char of) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) of);
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theLargestFrameIsTakenAndOneByteMoreIsClosedWith1009() throws IOException {
    String start = "{\"type\":\"ping\",\"x\":\"";
    live().text(start + "a".repeat(LIMIT - start.length() - 2) + "\"}");
    assertTrue(client.next().text().contains("pong"));
    client.text(start + "a".repeat(LIMIT - start.length() - 1) + "\"}");
    assertEquals(1009, client.closeCode());
  }

  /** Netty's own limit would cut these off; the client would not hear why. */
  @ParameterizedTest
  @ValueSource(ints = {131_073, 1_000_000, 20_000_000})
  void aFrameOfAnySizeIsToldThatItIsTooLarge(int size) throws IOException {
    live().frame(TEXT, true, bytes(size, 'a'));
    assertEquals(1009, client.closeCode());
  }

  /** The length is believed, nothing is waited for. */
  @ParameterizedTest
  @ValueSource(longs = {1L << 20, 1L << 40, Long.MAX_VALUE, -1L, Long.MIN_VALUE})
  void theHeaderOfATooLargeFrameIsEnough(long length) throws IOException {
    live().bytes(RawFrames.header(0x80 | TEXT, length, true)).bytes(bytes(300_000, 'a'));
    assertEquals(1009, client.closeCode());
  }

  @Test
  void fragmentsAreCountedTogether() throws IOException {
    live().frame(TEXT, false, bytes(LIMIT, 'a')).frame(CONTINUATION, true, NOTHING);
    assertTrue(client.next().text().contains("BAD_FRAME"), "as large as allowed, but no JSON");
    client.frame(TEXT, false, bytes(LIMIT, 'a')).frame(CONTINUATION, false, bytes(1, 'a'));
    assertEquals(1009, client.closeCode());
  }

  @Test
  void aMessageInManyFragmentsBetweenPingsIsOneFrame() throws IOException {
    live();
    byte[] text = utf8("{\"type\":\"ping\",\"data\":{},\"note\":\"一字一帧，字节也分开\"}");
    for (int i = 0; i < text.length; i++) {
      int opcode = i == 0 ? TEXT : CONTINUATION;
      client.frame(opcode, i == text.length - 1, new byte[] {text[i]});
      if (i == 20) {
        client.frame(PING, true, utf8("still here"));
      }
    }
    RawFrames.Frame pong = client.next();
    assertEquals(PONG, pong.opcode());
    assertEquals("still here", pong.text());
    assertTrue(client.next().text().contains("pong"));
  }

  @Test
  void bytesThatComeOneByOneAreTheSameFrames() throws IOException {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(RawFrames.encoded(TEXT, true, utf8("{\"type\":\"ping\"}")));
    both.write(RawFrames.encoded(PING, true, utf8("p")));
    both.write(
        RawFrames.encoded(
            TEXT, true, utf8("{\"type\":\"ping\",\"x\":\"" + "a".repeat(200) + "\"}")));
    live();
    for (byte each : both.toByteArray()) {
      client.bytes(new byte[] {each});
    }
    assertTrue(client.next().text().contains("pong"));
    assertEquals(PONG, client.next().opcode());
    assertTrue(client.next().text().contains("pong"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aFloodOfTinyFragmentsIsClosedWith4429(int size) throws IOException {
    live().frame(TEXT, false, NOTHING);
    byte[] one = RawFrames.encoded(CONTINUATION, false, bytes(size, 'a'));
    ByteArrayOutputStream flood = new ByteArrayOutputStream();
    for (int i = 0; i < 3_000; i++) {
      flood.write(one);
    }
    client.bytes(flood.toByteArray());
    assertEquals(4429, client.closeCode());
  }

  @Test
  void aFloodOfPingsIsClosedWith4429() throws IOException {
    live();
    ByteArrayOutputStream flood = new ByteArrayOutputStream();
    for (int i = 0; i < 1_500; i++) {
      flood.write(RawFrames.encoded(PING, true, bytes(125, 'p')));
    }
    client.bytes(flood.toByteArray());
    Map<Integer, Integer> heard = new HashMap<>();
    RawFrames.Frame frame = client.next();
    for (; frame.opcode() != CLOSE; frame = client.next()) {
      heard.merge(frame.opcode(), 1, Integer::sum);
    }
    assertEquals(4429, frame.closeCode());
    assertTrue(heard.get(PONG) <= 1_200, heard.toString());
    assertEquals(1, heard.size(), heard.toString());
  }

  @ParameterizedTest
  @CsvSource({"c328", "e28228", "ff", "eda080", "f4908080", "c0af", "e282"})
  void textThatIsNoUtf8IsClosedWith1007(String hex) throws IOException {
    byte[] broken = java.util.HexFormat.of().parseHex(hex);
    live().frame(TEXT, false, utf8("{\"type\":\"")).frame(CONTINUATION, true, broken);
    assertEquals(1007, client.closeCode());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 10, 1L << 30})
  void aBinaryFrameOfAnySizeIsClosedWith1003(long length) throws IOException {
    live().bytes(RawFrames.header(0x80 | BINARY, length, true));
    assertEquals(1003, client.closeCode());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a frame that is not masked, 81, 2, false",
    "a frame with an extension nobody agreed on, c1, 2, true",
    "an unknown kind of data, 83, 2, true",
    "an unknown kind of control, 8b, 0, true",
    "a ping in fragments, 09, 2, true",
    "a ping that is too long, 89, 126, true",
    "a close frame that is too long, 88, 200, true",
    "a continuation of nothing, 80, 2, true"
  })
  void aBrokenFrameIsAViolationOfTheProtocol(String what, String first, int length, boolean masked)
      throws IOException {
    live().bytes(RawFrames.header(Integer.parseInt(first, 16), length, masked));
    client.bytes(bytes(length, 'x'));
    assertEquals(4400, client.closeCode(), what);
  }

  @Test
  void aNewMessageInsideAnotherIsAViolationOfTheProtocol() throws IOException {
    live().frame(TEXT, false, utf8("{")).frame(TEXT, true, utf8("{}"));
    assertEquals(4400, client.closeCode());
  }

  @Test
  void afterARefusalNothingElseIsTaken() throws IOException {
    live().frame(TEXT, true, bytes(200_000, 'a')).text("{\"type\":\"ping\"}");
    client.frame(PING, true, NOTHING);
    RawFrames.Frame only = client.next();
    assertEquals(CLOSE, only.opcode());
    assertEquals(1009, only.closeCode());
  }

  @Test
  void aClientThatClosesIsAnsweredInKind() throws IOException {
    live().frame(CLOSE, true, new byte[] {(byte) (1000 >> 8), (byte) 1000});
    RawFrames.Frame answer = client.next();
    assertEquals(CLOSE, answer.opcode());
    assertEquals(1000, answer.closeCode());
  }

  @Test
  void othersAreServedWhileOneFloods() throws IOException {
    RawFrames flooding = live();
    byte[] part = bytes(1 << 20, 'a');
    flooding.bytes(RawFrames.header(0x80 | TEXT, 1L << 40, true));
    for (int i = 0; i < 32; i++) {
      flooding.bytes(part);
    }
    try (RawFrames other = live()) {
      assertTrue(other.answers());
    }
    client = flooding;
    assertEquals(1009, flooding.closeCode());
  }
}
