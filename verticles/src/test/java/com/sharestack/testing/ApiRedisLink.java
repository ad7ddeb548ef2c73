package com.sharestack.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line to Redis that a test can cut and mend. */
public final class ApiRedisLink implements AutoCloseable {

  private final URI target;
  private final ServerSocket entry;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  /**
   * @param redisUrl of the real server
   */
  public ApiRedisLink(String redisUrl) {
    try {
      this.target = URI.create(redisUrl);
      this.entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** What clients connect to instead. */
  public String url() {
    String user = target.getUserInfo() == null ? "" : target.getUserInfo() + "@";
    return "redis://" + user + "127.0.0.1:" + entry.getLocalPort() + target.getPath();
  }

  /** From now on Redis is away. */
  public void cut() {
    cut = true;
    open.forEach(ApiRedisLink::shut);
  }

  public void mend() {
    cut = false;
  }

  private void accept() {
    while (!entry.isClosed()) {
      try {
        Socket client = entry.accept();
        if (cut) {
          shut(client);
          continue;
        }
        Socket server = new Socket(target.getHost(), target.getPort());
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> copy(client, server));
        Thread.ofVirtual().start(() -> copy(server, client));
        if (cut) {
          cut();
        }
      } catch (IOException closed) {
        open.forEach(ApiRedisLink::shut);
      }
    }
  }

  private void copy(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException ended) {
      // one side hung up, or the test cut the line: both ends follow
    } finally {
      shut(from);
      shut(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void shut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    entry.close();
    open.forEach(ApiRedisLink::shut);
  }
}
