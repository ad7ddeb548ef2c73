package com.sharestack.users;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a session lives (auth.login, remember_me).
 *
 * @param expiresAt when the refresh token that works now ends
 * @param absoluteExpiresAt no refresh goes beyond
 */
record SessionTerms(Instant expiresAt, Instant absoluteExpiresAt) {

  static final int MOST_LIVE = 10;

  /** A consumed refresh token shown again within this time is a parallel tab, later it is theft. */
  static final Duration REUSE_GRACE = Duration.ofSeconds(10);

  private static final Duration REFRESH_LIFE = Duration.ofDays(30);
  private static final Duration REMEMBERED_LIFE = Duration.ofDays(180);

  static SessionTerms atLogin(boolean rememberMe, Instant now) {
    return new SessionTerms(
        now.plus(REFRESH_LIFE), now.plus(rememberMe ? REMEMBERED_LIFE : REFRESH_LIFE));
  }

  /** After a refresh: 30 more days, within the absolute end. */
  SessionTerms extended(Instant now) {
    Instant wished = now.plus(REFRESH_LIFE);
    return new SessionTerms(
        wished.isBefore(absoluteExpiresAt) ? wished : absoluteExpiresAt, absoluteExpiresAt);
  }
}
