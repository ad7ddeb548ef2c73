package com.sharestack.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All the lines over which a process acts on the world, for tests that let it die at any of them.
 * Its death is final: every connection is closed and none opens again. A request on its way then
 * was either never sent, or carried out without anybody hearing of it.
 */
public final class Lifeline implements AutoCloseable {

  private static final int NEVER = -1;

  private final List<ServerSocket> doors = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger left = new AtomicInteger(NEVER);
  private volatile boolean carriedOut;
  private volatile boolean dead;

  /** Opens a line to a server on this machine; the port to connect to instead. */
  public int to(int port) {
    try {
      ServerSocket door = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
      doors.add(door);
      Thread.ofVirtual().start(() -> accept(door, port));
      return door.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Plans the death at one of the next requests on any line.
   *
   * @param request 1 = the next one
   * @param after whether that request is still carried out, and only its answer lost
   */
  public void dieAt(int request, boolean after) {
    carriedOut = after;
    left.set(request);
  }

  /** Takes the plan back. */
  public void spare() {
    left.set(NEVER);
  }

  public boolean dead() {
    return dead;
  }

  public void die() {
    dead = true;
    doors.forEach(Lifeline::shut);
    sockets.forEach(Lifeline::shut);
  }

  private void accept(ServerSocket door, int port) {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Socket server = new Socket("127.0.0.1", port);
        sockets.add(client);
        sockets.add(server);
        Line line = new Line(client, server);
        Thread.ofVirtual().start(line::requests);
        Thread.ofVirtual().start(line::answers);
        if (dead) {
          die();
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** One connection. */
  private final class Line {
    private final Socket client;
    private final Socket server;
    private volatile boolean last;

    Line(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void requests() {
      pump(client, server, true);
    }

    void answers() {
      pump(server, client, false);
    }

    private void pump(Socket from, Socket to, boolean request) {
      byte[] buffer = new byte[64 * 1024];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0 && !dead; read = in.read(buffer)) {
          if (request && left.get() > 0 && left.decrementAndGet() == 0) {
            last = carriedOut;
            if (!last) {
              die();
              return;
            }
          } else if (!request && last) {
            die();
            return;
          }
          out.write(buffer, 0, read);
        }
      } catch (IOException ended) {
        // both ends are closed below, whichever ended first
      } finally {
        if (last) {
          die();
        }
        close(client);
        close(server);
      }
    }

    private void close(Socket socket) {
      sockets.remove(socket);
      shut(socket);
    }
  }

  private static void shut(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    die();
  }
}
