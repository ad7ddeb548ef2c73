package com.sharestack.platform.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on loopback. */
public final class Ports {
  /**
   * Below the range from which systems take ports for outgoing connections, so a free one stays
   * free.
   */
  private static final int LOWEST = 20_000;

  private static final int COUNT = 10_000;
  private static final int ATTEMPTS = 200;

  private Ports() {}

  /**
   * The port a server should listen on.
   *
   * @param configured 0 = the one remembered in the file if it is free, else another free one,
   *     which is remembered
   * @throws StartupFailure if the configured one is in use
   */
  static int choose(int configured, Path remembered, String server, String setting)
      throws IOException {
    if (configured != 0) {
      if (!isFree(configured)) {
        throw StartupFailure.portInUse(server, configured, setting);
      }
      return configured;
    }
    int last = read(remembered);
    if (last != 0 && isFree(last)) {
      return last;
    }
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = LOWEST + ThreadLocalRandom.current().nextInt(COUNT);
      if (isFree(port)) {
        Files.writeString(remembered, Integer.toString(port));
        return port;
      }
    }
    throw new StartupFailure(
        "No free port between %d and %d was found for the embedded %s: set %s to a free one."
            .formatted(LOWEST, LOWEST + COUNT, server, setting));
  }

  /**
   * Says early, before anything is started, that the process's own port is taken.
   *
   * @param port 0 is always free
   * @param setting the environment variable that chooses the port
   * @throws StartupFailure if something listens there
   */
  public static void requireFree(String host, int port, String setting) {
    if (port != 0 && !isFree(new InetSocketAddress(host, port))) {
      throw new StartupFailure(
          "Port %d on %s is in use: stop the program that listens there or set %s to another port."
              .formatted(port, host, setting));
    }
  }

  static boolean isFree(int port) {
    return isFree(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private static boolean isFree(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try {
      int port = Integer.parseInt(Files.readString(file).strip());
      return port > 0 && port < 65_536 ? port : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
