package com.sharestack.users;

import com.sharestack.platform.errors.Errors;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a page of sessions.revoked_since ended: milliseconds and session id. */
final class RevocationCursor {

  private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\.([0-9A-Za-z_]{1,28})");

  private RevocationCursor() {}

  static String of(SessionRepository.Place last) {
    return last.revokedAt().toEpochMilli() + "." + last.sessionId();
  }

  /**
   * @throws io.vertx.serviceproxy.ServiceException VALIDATION_ERROR for anything we did not make
   */
  static SessionRepository.Place read(String cursor) {
    Matcher matcher = FORM.matcher(cursor);
    if (!matcher.matches()) {
      throw Errors.invalid("cursor", "游标无效");
    }
    return new SessionRepository.Place(
        Instant.ofEpochMilli(Long.parseLong(matcher.group(1))), matcher.group(2), 0);
  }
}
