package com.sharestack.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP hop that can fail: it passes bytes on, holds them back while connections stay open (a cable
 * pulled out), or closes everything.
 */
final class FaultProxy implements AutoCloseable {

  private final ServerSocket door;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Object change = new Object();
  private boolean stalled;
  private volatile boolean cut;

  /**
   * @param target port on this machine
   */
  FaultProxy(int target) throws IOException {
    this.target = target;
    this.door = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  /** Nothing gets through any more and nobody is told. */
  void stall() {
    synchronized (change) {
      stalled = true;
    }
  }

  /** Closes every connection, and each new one at once. */
  void cut() {
    cut = true;
    sockets.forEach(FaultProxy::close);
  }

  /** As if nothing had been; what was held back arrives late. */
  void heal() {
    cut = false;
    synchronized (change) {
      stalled = false;
      change.notifyAll();
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket from = door.accept();
        if (cut) {
          from.close();
          continue;
        }
        Thread.ofVirtual().start(() -> connect(from));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket from) {
    try {
      awaitPassage();
      Socket to = new Socket("127.0.0.1", target);
      sockets.add(from);
      sockets.add(to);
      Thread.ofVirtual().start(() -> pump(from, to));
      pump(to, from);
    } catch (IOException away) {
      close(from);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitPassage();
        out.write(buffer, 0, read);
      }
    } catch (IOException ended) {
      // both ends are closed below, whichever ended first
    } finally {
      close(from);
      close(to);
    }
  }

  private void awaitPassage() {
    synchronized (change) {
      while (stalled) {
        try {
          change.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      throw new java.io.UncheckedIOException(closed);
    }
  }

  @Override
  public void close() throws IOException {
    heal();
    door.close();
    cut();
  }
}
