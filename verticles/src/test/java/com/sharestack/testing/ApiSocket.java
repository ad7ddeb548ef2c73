package com.sharestack.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A bare socket, for requests that no HTTP client would send. */
public final class ApiSocket implements AutoCloseable {

  private static final int READ_MILLIS = 8_000;

  private final Socket socket;
  private final InputStream in;

  public ApiSocket(int port) throws IOException {
    this.socket = new Socket("127.0.0.1", port);
    this.socket.setSoTimeout(READ_MILLIS);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** ISO-8859-1: one character is one byte. */
  public ApiSocket write(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** The next answer. A failure must wear the contract's envelope. */
  public ApiAnswer read() throws IOException {
    String statusLine = line();
    if (!statusLine.startsWith("HTTP/1.")) {
      throw new AssertionError("not an HTTP answer: " + statusLine);
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    Map<String, List<String>> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), n -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    byte[] body = status == 100 || status == 204 || status == 304 ? new byte[0] : body(headers);
    ApiAnswer answer =
        new ApiAnswer(
            "raw", "", status, headers, body, body.length == 0 ? null : ApiClient.json(body));
    if (status >= 400) {
      ApiContract.get().checkEnvelope(answer);
      if (answer.header("X-Request-Id") == null
          || !answer.header("X-Request-Id").equals(answer.meta().getString("request_id"))
          || !"no-store".equals(answer.header("Cache-Control"))) {
        throw new AssertionError("headers of a failure: " + headers + " " + answer);
      }
    }
    return answer;
  }

  private byte[] body(Map<String, List<String>> headers) throws IOException {
    if (headers.containsKey("content-length")) {
      return in.readNBytes(Integer.parseInt(headers.get("content-length").getFirst()));
    }
    if (!headers.containsKey("transfer-encoding")) {
      return in.readAllBytes();
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      whole.write(in.readNBytes(size));
      line();
    }
    line();
    return whole.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new AssertionError("closed by the server after: " + line);
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** Whether the server ends the connection now; waits for it some seconds. */
  public boolean closedByServer() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
