package com.sharestack.gateway.live;

import com.sharestack.contract.Caller;
import java.time.Instant;

/**
 * The login behind a connection.
 *
 * @param sessionId {@code sid} of the access token
 * @param expiresAt when the access token behind it ends; the connection ends with it
 */
public record Session(
    long userId,
    String sessionId,
    String tokenId,
    Instant expiresAt,
    String ip,
    String userAgent,
    Standing standing) {

  /** The same login as the account stands now. */
  Session with(Standing now) {
    return new Session(userId, sessionId, tokenId, expiresAt, ip, userAgent, now);
  }

  /** The same connection under another login of the same account. */
  Session renewed(Tickets.Pass pass) {
    return new Session(
        userId, pass.sessionId(), pass.tokenId(), pass.expiresAt(), ip, userAgent, standing);
  }

  Caller caller(String requestId) {
    return Caller.builder()
        .userId(userId)
        .sessionId(sessionId)
        .userType(standing.creator() ? "creator" : "reader")
        .verified(standing.verified())
        .roles(standing.roles())
        .permissions(standing.permissions())
        .requestId(requestId)
        .ip(ip)
        .userAgent(userAgent)
        .tokenId(tokenId)
        .tokenExpiresAt(expiresAt)
        .build();
  }
}
