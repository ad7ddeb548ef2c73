package com.sharestack.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket of sharestack.dm.v1 written byte by byte, for frames that no client library would
 * send. Used by one thread.
 */
public final class RawFrames implements AutoCloseable {

  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int READ_MILLIS = 12_000;
  private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

  private final Socket socket;
  private final DataInputStream in;

  /** What the server sent; {@code payload} of a close frame starts with its code. */
  public record Frame(int opcode, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    public int closeCode() {
      return ByteBuffer.wrap(payload).getShort() & 0xffff;
    }
  }

  public RawFrames(int port, String token) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(READ_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    String handshake =
        "GET /api/v1/ws/messages HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Protocol: "
            + LiveClient.PROTOCOL
            + "\r\nAuthorization: Bearer "
            + token
            + "\r\n\r\n";
    bytes(handshake.getBytes(StandardCharsets.US_ASCII));
    String status = line();
    if (!status.contains(" 101 ")) {
      throw new AssertionError(status);
    }
    while (!line().isEmpty()) {
      // headers
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new AssertionError("closed during the handshake");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  /** Exactly these bytes. */
  public RawFrames bytes(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  public RawFrames text(String text) throws IOException {
    return frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
  }

  public RawFrames frame(int opcode, boolean last, byte[] payload) throws IOException {
    return bytes(encoded(opcode, last, payload));
  }

  /** A masked frame. */
  public static byte[] encoded(int opcode, boolean last, byte[] payload) {
    byte[] header = header((last ? 0x80 : 0) | opcode, payload.length, true);
    byte[] whole = java.util.Arrays.copyOf(header, header.length + payload.length);
    for (int i = 0; i < payload.length; i++) {
      whole[header.length + i] = (byte) (payload[i] ^ MASK[i % 4]);
    }
    return whole;
  }

  /** The start of a frame, whatever follows. */
  public static byte[] header(int first, long length, boolean masked) {
    ByteBuffer header = ByteBuffer.allocate(14);
    int mask = masked ? 0x80 : 0;
    header.put((byte) first);
    if (length >= 0 && length < 126) {
      header.put((byte) (mask | length));
    } else if (length >= 0 && length < 65_536) {
      header.put((byte) (mask | 126)).putShort((short) length);
    } else {
      header.put((byte) (mask | 127)).putLong(length);
    }
    if (masked) {
      header.put(MASK);
    }
    return java.util.Arrays.copyOf(header.array(), header.position());
  }

  public RawFrames hello(String device) throws IOException {
    text("{\"type\":\"hello\",\"data\":{\"device_id\":\"" + device + "\",\"client\":\"server\"}}");
    Frame welcome = next();
    if (!welcome.text().contains("\"welcome\"")) {
      throw new AssertionError(welcome.text());
    }
    return this;
  }

  public Frame next() throws IOException {
    int first = in.readUnsignedByte();
    long length = in.readUnsignedByte() & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    return new Frame(first & 0x0f, in.readNBytes((int) length));
  }

  /** Reads on to the close frame, answers it, and waits for the end; its code. */
  public int closeCode() throws IOException {
    Frame frame = next();
    while (frame.opcode() != CLOSE) {
      frame = next();
    }
    try {
      frame(CLOSE, true, frame.payload());
      while (in.read() >= 0) {
        // what was on its way
      }
    } catch (java.net.SocketException ended) {
      // it did not wait for the answer
    }
    return frame.closeCode();
  }

  /** A valid ping of the protocol, and whether it is answered by the next frame. */
  public boolean answers() throws IOException {
    return text("{\"type\":\"ping\"}").next().text().contains("\"pong\"");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
