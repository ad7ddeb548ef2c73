package com.sharestack.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP/1.1 connection to the API and nothing cleverer: no pool, no second attempt, no decision
 * to close. Used by one thread.
 */
public final class KeptConnection implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 15_000;

  /**
   * @param close whether it says {@code Connection: close}
   */
  public record Answer(int status, boolean close, String body) {}

  private final Socket socket = new Socket();
  private final InputStream in;

  public KeptConnection(int port) throws IOException {
    socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  public Answer send(String method, String path, String token, String body) throws IOException {
    byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder();
    head.append(method).append(" /api/v1").append(path).append(" HTTP/1.1\r\nHost: test\r\n");
    if (token != null) {
      head.append("Authorization: Bearer ").append(token).append("\r\n");
    }
    if (body != null) {
      head.append("Content-Type: application/json\r\nContent-Length: ")
          .append(bytes.length)
          .append("\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    byte[] whole = java.util.Arrays.copyOf(start, start.length + bytes.length);
    System.arraycopy(bytes, 0, whole, start.length, bytes.length);
    socket.getOutputStream().write(whole);
    return read();
  }

  private Answer read() throws IOException {
    String status = line();
    int length = 0;
    boolean close = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      } else if (lower.startsWith("connection:")) {
        close = lower.contains("close");
      }
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("in the middle of an answer");
    }
    return new Answer(
        Integer.parseInt(status.split(" ")[1]), close, new String(body, StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed without an answer");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException closed) {
      throw new java.io.UncheckedIOException(closed);
    }
  }
}
