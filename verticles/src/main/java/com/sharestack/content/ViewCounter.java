package com.sharestack.content;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.cache.Cache;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import io.vertx.serviceproxy.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts one view per viewer, article and half hour in Redis and carries the sums to MySQL. A batch
 * is taken out of Redis by one script, so no two nodes carry the same views; a lost Redis, or a
 * node lost between taking and writing, loses views and nothing else.
 */
final class ViewCounter {

  private static final Logger LOG = LoggerFactory.getLogger(ViewCounter.class);
  private static final Duration WINDOW = Duration.ofMinutes(30);
  private static final String COLLECTED = "content:views";
  private static final int BATCH = 500;

  /** Takes about ARGV[1] fields with their values out of the hash; what HDEL removed is taken. */
  private static final String TAKE =
      """
      local cursor, found = '0', {}
      repeat
        local page = redis.call('HSCAN', KEYS[1], cursor, 'COUNT', ARGV[1])
        cursor, found = page[1], page[2]
      until #found > 0 or cursor == '0'
      local taken = {}
      for i = 1, #found, 2 do
        if redis.call('HDEL', KEYS[1], found[i]) == 1 then
          taken[#taken + 1] = found[i]
          taken[#taken + 1] = found[i + 1]
        end
      end
      return taken
      """;

  private static final Pattern BOT =
      Pattern.compile(
          "bot\\b|bot/|crawl|spider|slurp|facebookexternalhit|mediapartners|headless|lighthouse"
              + "|^(curl|wget|python|go-http|java|okhttp|libwww|scrapy|axios|node-fetch|postman)",
          Pattern.CASE_INSENSITIVE);

  private final Cache cache;
  private final CountRepository counts;
  private final byte[] salt;

  /**
   * @param salt secret; keeps addresses from being guessed from the keys
   */
  ViewCounter(Cache cache, CountRepository counts, String salt) {
    this.cache = cache;
    this.counts = counts;
    this.salt = salt.getBytes(StandardCharsets.UTF_8);
  }

  static boolean bot(Caller caller) {
    return caller.userAgent() != null && BOT.matcher(caller.userAgent()).find();
  }

  /** The viewer as keys and events name him: the user, else a hash of address and agent. */
  String visitor(Caller caller) {
    return caller.userId() != null
        ? "u" + caller.userId()
        : hash(caller.ip() + "\n" + caller.userAgent());
  }

  /**
   * @return whether this view counts; false too while Redis is away
   */
  Future<Boolean> view(long articleId, String visitor) {
    String seen = cache.key("content:view:" + articleId + ":" + visitor);
    return cache
        .send(Command.SET, seen, "1", "NX", "PX", String.valueOf(WINDOW.toMillis()))
        .compose(
            first ->
                first == null
                    ? Future.succeededFuture(false)
                    : cache
                        .send(Command.HINCRBY, cache.key(COLLECTED), String.valueOf(articleId), "1")
                        .map(counted -> true))
        .otherwise(
            away -> {
              LOG.debug("a view was not counted: {}", away.toString());
              return false;
            });
  }

  /** Carries what was collected to MySQL, batch by batch. */
  void flush() {
    Map<Long, Long> views = take();
    while (!views.isEmpty()) {
      write(views);
      views = take();
    }
  }

  private Map<Long, Long> take() {
    Response answer =
        cache
            .run(TAKE, List.of(cache.key(COLLECTED)), List.of(String.valueOf(BATCH)))
            .otherwise(
                away -> {
                  LOG.debug("views stay in Redis: {}", away.toString());
                  return null;
                })
            .await();
    Map<Long, Long> views = new HashMap<>();
    for (int i = 0; answer != null && i + 1 < answer.size(); i += 2) {
      views.merge(Long.parseLong(answer.get(i).toString()), answer.get(i + 1).toLong(), Long::sum);
    }
    return views;
  }

  /** After a timeout the statement may have run: those views are given up, not counted twice. */
  private void write(Map<Long, Long> views) {
    try {
      counts.addViews(views);
    } catch (ServiceException failure) {
      if (!Errors.is(failure, ErrorCode.GATEWAY_TIMEOUT)) {
        putBack(views);
      }
      throw failure;
    }
  }

  private void putBack(Map<Long, Long> views) {
    List<Future<Response>> commands = new ArrayList<>();
    views.forEach(
        (id, count) ->
            commands.add(
                cache.send(
                    Command.HINCRBY,
                    cache.key(COLLECTED),
                    String.valueOf(id),
                    String.valueOf(count))));
    Future.join(commands).otherwiseEmpty().await();
  }

  private String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
