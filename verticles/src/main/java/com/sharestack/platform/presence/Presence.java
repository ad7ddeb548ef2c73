package com.sharestack.platform.presence;

import com.sharestack.platform.cache.Cache;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which gateway nodes hold connections of a user: in Redis, key {@code presence:{user_id}}, a
 * sorted set of node addresses scored by the time until which each holds. A node refreshes its
 * entries more often than {@link #TTL}; one that dies is forgotten by then. Presence only chooses
 * whom to tell early: without Redis nobody is told, and gateways find the news by asking.
 *
 * <p>A node's address is {@link #address} of an id it draws at its start. It registers one consumer
 * there for all its users; {@link Hints} says what arrives.
 */
public final class Presence {

  /** How long an entry holds without a refresh; refresh every 30 s. */
  public static final Duration TTL = Duration.ofSeconds(90);

  private static final String ADD =
      """
      for i = 1, #KEYS do
        redis.call('ZADD', KEYS[i], ARGV[2], ARGV[1])
        redis.call('PEXPIRE', KEYS[i], ARGV[3])
      end
      return #KEYS
      """;

  private static final int BATCH = 500;

  private final Cache cache;
  private final Clock clock;

  public Presence(Cache cache, Clock clock) {
    this.cache = cache;
    this.clock = clock;
  }

  /** Bus address of the gateway node {@code nodeId}. */
  public static String address(String nodeId) {
    return "presence.node." + nodeId;
  }

  /** Notes that the node at {@code address} holds a connection of the user. */
  public Future<Void> add(long userId, String address) {
    return refresh(List.of(userId), address);
  }

  /** Notes it again for all users of the node, in few commands. */
  public Future<Void> refresh(Collection<Long> userIds, String address) {
    List<Long> users = List.copyOf(userIds);
    String until = String.valueOf(clock.millis() + TTL.toMillis());
    List<Future<?>> batches = new ArrayList<>();
    for (int i = 0; i < users.size(); i += BATCH) {
      List<String> keys =
          users.subList(i, Math.min(users.size(), i + BATCH)).stream().map(this::key).toList();
      batches.add(cache.run(ADD, keys, List.of(address, until, String.valueOf(TTL.toMillis()))));
    }
    return Future.join(batches).mapEmpty();
  }

  /** Call when the node's last connection of the user is gone. */
  public Future<Void> remove(long userId, String address) {
    return cache.send(Command.ZREM, key(userId), address).mapEmpty();
  }

  /** Addresses of the nodes where the user is connected. Fails while Redis is away. */
  public Future<Set<String>> nodesOf(long userId) {
    return cache
        .send(Command.ZRANGE, key(userId), "(" + clock.millis(), "+inf", "BYSCORE")
        .map(Presence::addresses);
  }

  private static Set<String> addresses(Response answer) {
    Set<String> addresses = new LinkedHashSet<>();
    if (answer != null) {
      answer.forEach(address -> addresses.add(address.toString()));
    }
    return addresses;
  }

  private String key(long userId) {
    return cache.key("presence:" + userId);
  }
}
