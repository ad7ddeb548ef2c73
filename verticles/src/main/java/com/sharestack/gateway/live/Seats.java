package com.sharestack.gateway.live;

import com.sharestack.platform.cache.Cache;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How many connections of one kind a user has on all nodes, in one Redis hash per user: connection
 * id -> {@code opened|until|node|device}. Entries of a node that died end by themselves after 90 s.
 * Who was replaced leaves an entry {@code -id} for that long: a seat without one was not taken by
 * somebody but lost with Redis, and may be taken again. The contract's key per connection would
 * need a scan to count; one hash is counted, cleaned and taken from in one atomic script.
 */
final class Seats {

  private static final long TTL_MILLIS = 90_000;
  private static final int BATCH = 200;

  /**
   * KEYS[1] the user; ARGV now, id, value, device, most, full ('replace' or 'refuse'), ttl. Answers
   * {'1' or '0', id, node, id, node, …}: whether there was a seat, and who lost his.
   */
  private static final String TAKE =
      """
      local all = redis.call('HGETALL', KEYS[1])
      local live = {}
      local gone = {}
      for i = 1, #all, 2 do
        local opened, till, node, device = string.match(all[i + 1], '^(%d+)|(%d+)|([^|]*)|(.*)$')
        if all[i] == ARGV[2] then
          -- its own, taken again
        elseif not opened or tonumber(till) <= tonumber(ARGV[1]) then
          redis.call('HDEL', KEYS[1], all[i])
        elseif string.sub(all[i], 1, 1) == '-' then
          -- of one who was replaced
        elseif ARGV[4] ~= '' and device == ARGV[4] then
          gone[#gone + 1] = {all[i], node}
        else
          live[#live + 1] = {all[i], node, tonumber(opened)}
        end
      end
      if #live >= tonumber(ARGV[5]) then
        if ARGV[6] == 'refuse' then return {'0'} end
        table.sort(live, function(a, b) return a[3] < b[3] end)
        for i = 1, #live - tonumber(ARGV[5]) + 1 do gone[#gone + 1] = live[i] end
      end
      local answer = {'1'}
      for _, seat in ipairs(gone) do
        redis.call('HDEL', KEYS[1], seat[1])
        redis.call('HSET', KEYS[1], '-' .. seat[1], '0|' .. ARGV[1] + ARGV[7] .. '|' .. seat[2] .. '|')
        answer[#answer + 1] = seat[1]
        answer[#answer + 1] = seat[2]
      end
      redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
      redis.call('PEXPIRE', KEYS[1], ARGV[7])
      return answer
      """;

  /**
   * KEYS one per connection; ARGV ttl, then id and value of each. Answers the positions whose seat
   * another connection has taken.
   */
  private static final String KEEP =
      """
      local lost = {}
      for i = 1, #KEYS do
        if redis.call('HEXISTS', KEYS[i], '-' .. ARGV[2 * i]) == 1 then
          lost[#lost + 1] = i
        else
          redis.call('HSET', KEYS[i], ARGV[2 * i], ARGV[2 * i + 1])
          redis.call('PEXPIRE', KEYS[i], ARGV[1])
        end
      end
      return lost
      """;

  /** KEYS one per connection; ARGV ids. Answers the positions as KEEP does and changes nothing. */
  private static final String LOST =
      """
      local lost = {}
      for i = 1, #KEYS do
        if redis.call('HEXISTS', KEYS[i], '-' .. ARGV[i]) == 1 then
          lost[#lost + 1] = i
        end
      end
      return lost
      """;

  private final Cache cache;
  private final Clock clock;
  private final String kind;
  private final String node;
  private final int most;
  private final boolean replaces;

  /**
   * @param kind start of the keys
   * @param node bus address of this node, to reach its connections
   * @param most seats of a user
   * @param replaces whether the oldest goes when all are taken; else the newcomer is refused
   */
  Seats(Cache cache, Clock clock, String kind, String node, int most, boolean replaces) {
    this.cache = cache;
    this.clock = clock;
    this.kind = kind;
    this.node = node;
    this.most = most;
    this.replaces = replaces;
  }

  /** A connection: {@code device} is "" where one has none; {@code openedMillis} by the clock. */
  record Seat(long userId, String id, String device, long openedMillis) {}

  /** A connection that has to go, and the bus address of its node. */
  record Loser(String id, String node) {}

  /**
   * @param granted whether the connection may stay
   */
  record Taken(boolean granted, List<Loser> losers) {}

  /** Fails while Redis is away; then the caller counts on its own node only. */
  Future<Taken> take(Seat seat) {
    return cache
        .run(
            TAKE,
            List.of(key(seat.userId())),
            List.of(
                String.valueOf(clock.millis()),
                seat.id(),
                value(seat),
                seat.device(),
                String.valueOf(most),
                replaces ? "replace" : "refuse",
                String.valueOf(TTL_MILLIS)))
        .map(Seats::taken);
  }

  private static Taken taken(Response answer) {
    List<Loser> losers = new ArrayList<>();
    for (int i = 1; i + 1 < answer.size(); i += 2) {
      losers.add(new Loser(answer.get(i).toString(), answer.get(i + 1).toString()));
    }
    return new Taken(answer.get(0).toString().equals("1"), losers);
  }

  /**
   * Refreshes seats that were taken before; answers those that another connection took meanwhile.
   */
  Future<List<Seat>> keep(List<Seat> seats) {
    return inBatches(
        KEEP,
        seats,
        batch -> {
          List<String> args = new ArrayList<>();
          args.add(String.valueOf(TTL_MILLIS));
          batch.forEach(seat -> args.addAll(List.of(seat.id(), value(seat))));
          return args;
        });
  }

  /** Which of these seats, taken before, another connection has taken; refreshes nothing. */
  Future<List<Seat>> lost(List<Seat> seats) {
    return inBatches(LOST, seats, batch -> batch.stream().map(Seat::id).toList());
  }

  private Future<List<Seat>> inBatches(
      String script, List<Seat> seats, Function<List<Seat>, List<String>> arguments) {
    List<Future<List<Seat>>> batches = new ArrayList<>();
    for (int i = 0; i < seats.size(); i += BATCH) {
      List<Seat> batch = seats.subList(i, Math.min(seats.size(), i + BATCH));
      List<String> keys = batch.stream().map(seat -> key(seat.userId())).toList();
      batches.add(
          cache.run(script, keys, arguments.apply(batch)).map(answer -> named(batch, answer)));
    }
    return Future.join(batches)
        .map(done -> batches.stream().flatMap(batch -> batch.result().stream()).toList());
  }

  private static List<Seat> named(List<Seat> batch, Response positions) {
    List<Seat> named = new ArrayList<>();
    positions.forEach(at -> named.add(batch.get(at.toInteger() - 1)));
    return named;
  }

  void leave(Seat seat) {
    cache.send(Command.HDEL, key(seat.userId()), seat.id());
  }

  private String value(Seat seat) {
    return seat.openedMillis()
        + "|"
        + (clock.millis() + TTL_MILLIS)
        + "|"
        + node
        + "|"
        + seat.device();
  }

  private String key(long userId) {
    return cache.key(kind + userId);
  }
}
