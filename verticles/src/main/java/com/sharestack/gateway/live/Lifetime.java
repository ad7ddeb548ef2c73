package com.sharestack.gateway.live;

/** What time brings about on one socket, in milliseconds of the injected clock. */
final class Lifetime {

  private static final long HELLO_MILLIS = 10_000;
  private static final long SILENCE_MILLIS = 75_000;
  private static final long PING_MILLIS = 30_000;
  private static final long EXPIRING_MILLIS = 300_000;

  private final long openedMillis;
  private boolean expiryTold;
  private long heardMillis;
  private long pingMillis;

  Lifetime(long openedMillis) {
    this.openedMillis = openedMillis;
    this.heardMillis = openedMillis;
    this.pingMillis = openedMillis;
  }

  long openedMillis() {
    return openedMillis;
  }

  /** Any frame of the client is life. */
  void heard(long now) {
    heardMillis = now;
  }

  /** The session was prolonged: its end is told anew. */
  void renewed() {
    expiryTold = false;
  }

  static boolean expired(long now, Session session) {
    return now >= session.expiresAt().toEpochMilli();
  }

  /**
   * Whether the client took too long.
   *
   * @param ready whether it has said hello and got its welcome
   */
  boolean overdue(long now, boolean ready) {
    return !ready && now - openedMillis >= HELLO_MILLIS || now - heardMillis >= SILENCE_MILLIS;
  }

  /** True once, 300 s before the session ends. */
  boolean expiryToTell(long now, Session session) {
    if (expiryTold || now < session.expiresAt().toEpochMilli() - EXPIRING_MILLIS) {
      return false;
    }
    expiryTold = true;
    return true;
  }

  /** True every 30 s: the client is to be pinged. */
  boolean pingDue(long now) {
    if (now - pingMillis < PING_MILLIS) {
      return false;
    }
    pingMillis = now;
    return true;
  }
}
