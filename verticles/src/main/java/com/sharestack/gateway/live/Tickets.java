package com.sharestack.gateway.live;

import com.sharestack.platform.cache.Cache;
import com.sharestack.platform.crypto.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One-time tickets that open a socket or stream, so that no access token stands in an address
 * (contract entry ws.ticket). In Redis {@code ws:ticket:{sha256}} for 60 s; GETDEL makes a second
 * use fail, also one of two at the same moment on two nodes.
 */
public final class Tickets {

  public static final int SECONDS = 60;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final Cache cache;
  private final Clock clock;

  public Tickets(Cache cache, Clock clock) {
    this.cache = cache;
    this.clock = clock;
  }

  /**
   * Who bought a ticket, with which login.
   *
   * @param expiresAt of the access token it was bought with
   */
  public record Pass(long userId, String sessionId, String tokenId, Instant expiresAt) {}

  /**
   * @param purpose literal of TicketPurpose
   * @param ip of the buyer
   * @return the ticket's text; fails while Redis is away
   */
  public Future<String> issue(Pass pass, String purpose, String ip) {
    SecretToken ticket = SecretToken.make();
    JsonObject content =
        new JsonObject()
            .put("user", pass.userId())
            .put("sid", pass.sessionId())
            .put("jti", pass.tokenId())
            .put("exp", pass.expiresAt().getEpochSecond())
            .put("purpose", purpose)
            .put("network", Network.prefix(ip));
    return cache
        .send(
            Command.SET,
            key(ticket.hash()),
            content.encode(),
            "NX",
            "PX",
            String.valueOf(SECONDS * 1000L))
        .map(stored -> ticket.text());
  }

  /**
   * Uses a ticket up, whatever becomes of it.
   *
   * @return empty for a ticket that is unknown, used, of another purpose or another network, or
   *     whose access token ended; fails while Redis is away
   */
  public Future<Optional<Pass>> redeem(String ticket, String purpose, String ip) {
    if (!FORM.matcher(ticket).matches()) {
      return Future.succeededFuture(Optional.empty());
    }
    return cache
        .send(Command.GETDEL, key(SecretToken.hash(ticket)))
        .map(
            found ->
                found == null
                    ? Optional.empty()
                    : pass(new JsonObject(found.toString()), purpose, ip));
  }

  private Optional<Pass> pass(JsonObject content, String purpose, String ip) {
    Instant expiresAt = Instant.ofEpochSecond(content.getLong("exp"));
    boolean fits =
        purpose.equals(content.getString("purpose"))
            && Network.prefix(ip).equals(content.getString("network"))
            && clock.instant().isBefore(expiresAt);
    return fits
        ? Optional.of(
            new Pass(
                content.getLong("user"),
                content.getString("sid"),
                content.getString("jti"),
                expiresAt))
        : Optional.empty();
  }

  private String key(byte[] hash) {
    return cache.key("ws:ticket:" + HexFormat.of().formatHex(hash));
  }
}
