package com.sharestack.cluster;

import java.net.ServerSocket;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting for another process: there is no event to await, so it is asked again and again. */
final class Waiting {

  private static final long PAUSE_MILLIS = 20;

  private Waiting() {}

  /** How long it took, in milliseconds. */
  static long until(String what, long seconds, Callable<Boolean> holds) throws Exception {
    long start = System.nanoTime();
    Exception last = null;
    while (true) {
      try {
        if (holds.call()) {
          return millisSince(start);
        }
      } catch (Exception notYet) {
        last = notYet;
      }
      if (millisSince(start) > seconds * 1_000) {
        throw new AssertionError("not within " + seconds + " s: " + what, last);
      }
      pause(PAUSE_MILLIS);
    }
  }

  static void pause(long millis) throws InterruptedException {
    new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  /**
   * A port for a process that is still to start: below those the system gives to clients, or one of
   * their connections takes it meanwhile.
   */
  static int freePort() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = java.util.concurrent.ThreadLocalRandom.current().nextInt(15_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (java.io.IOException taken) {
        // the next one
      }
    }
    throw new IllegalStateException("no free port");
  }
}
