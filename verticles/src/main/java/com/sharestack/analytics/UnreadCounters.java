package com.sharestack.analytics;

import com.sharestack.contract.UnreadByType;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.cache.Cache;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.ids.Ids;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unread counts per reader, kept in Redis under {@code notif:unread:{user}} for 24 hours and
 * rebuilt from the database when missing. Without Redis every answer comes from the database.
 *
 * <p>A writer leaves a random mark instead of deleting the key. A reader that counted before the
 * write stores its count only over what it found, so an old count can never replace the mark.
 */
final class UnreadCounters {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadCounters.class);
  private static final Duration KEPT = Duration.ofHours(24);

  /** Longer than any count can take. */
  private static final Duration MARKED = Duration.ofSeconds(60);

  private static final String MARK = "-";
  private static final String STORE =
      """
      if (redis.call('GET', KEYS[1]) or '') == ARGV[1] then
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
      end
      return 0
      """;

  private final Cache cache;
  private final Sql sql;
  private final NotificationRepository notifications;

  UnreadCounters(Cache cache, Sql sql, NotificationRepository notifications) {
    this.cache = cache;
    this.sql = sql;
    this.notifications = notifications;
  }

  /**
   * @param cached whether Redis had it
   */
  record Answer(UnreadByType counts, boolean cached) {}

  Answer of(long userId) {
    String found = cache.get(name(userId)).orElse("");
    Optional<UnreadByType> known = parse(found);
    if (known.isPresent()) {
      return new Answer(known.get(), true);
    }
    UnreadByType counted = notifications.unread(sql, userId);
    store(userId, found, counted);
    return new Answer(counted, false);
  }

  private static Optional<UnreadByType> parse(String found) {
    if (found.isEmpty() || found.startsWith(MARK)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Wire.parse(found, UnreadByType.class));
    } catch (IllegalArgumentException ofAnotherRelease) {
      return Optional.empty();
    }
  }

  private void store(long userId, String found, UnreadByType counted) {
    cache
        .run(
            STORE,
            List.of(cache.key(name(userId))),
            List.of(found, Wire.text(counted), String.valueOf(KEPT.toMillis())))
        .onFailure(away -> LOG.debug("unread count not kept: {}", away.getMessage()));
  }

  /** Call after the commit of what changed the counts of these readers. */
  void changed(Collection<Long> userIds) {
    String mark = Ids.random(MARK, 16);
    List<Future<?>> marks =
        userIds.stream()
            .<Future<?>>map(
                userId ->
                    cache.send(
                        Command.SET,
                        cache.key(name(userId)),
                        mark,
                        "PX",
                        String.valueOf(MARKED.toMillis())))
            .toList();
    Future.join(marks)
        .otherwise(
            away -> {
              LOG.warn("unread counts not marked as changed: {}", away.getMessage());
              return null;
            })
        .await();
  }

  private static String name(long userId) {
    return "notif:unread:" + userId;
  }
}
