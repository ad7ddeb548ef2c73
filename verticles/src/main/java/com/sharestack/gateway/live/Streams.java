package com.sharestack.gateway.live;

import com.sharestack.contract.IdBatch;
import com.sharestack.contract.NotificationsPulseRequest;
import com.sharestack.contract.NotificationsService;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.service.Callers;
import com.sharestack.platform.service.Platform;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notification streams of this process: how many there may be, and the look every few seconds
 * for readers whose notifications changed, in batches.
 */
public final class Streams {

  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

  /** Together with streams of figures, contract of analytics. */
  static final int STREAMS_PER_USER = 3;

  private static final int BATCH = 200;
  private static final long REFRESH_MILLIS = 30_000;
  private static final long DRAIN_GRACE_MILLIS = 5_000;

  private final Vertx vertx;
  private final Clock clock;
  private final Config.Live limits;
  private final Seats seats;
  private final MeterRegistry meters;
  private final Map<Long, Set<NotificationStream>> byUser = new ConcurrentHashMap<>();
  private final Map<String, NotificationStream> byId = new ConcurrentHashMap<>();
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean polling = new AtomicBoolean();
  private final Promise<Void> empty = Promise.promise();
  private volatile Future<Void> draining;

  public Streams(Vertx vertx, Platform platform) {
    this.vertx = vertx;
    this.clock = platform.clock();
    this.limits = platform.config().live();
    this.meters = platform.meters();
    this.seats = new Seats(platform.cache(), clock, "live:streams:", "", STREAMS_PER_USER, false);
    meters.gaugeMapSize("live_streams", List.of(), byId);
  }

  /** Begins to look; the first event loop of the process does it. */
  public void start(NotificationsService notifications) {
    if (started.compareAndSet(false, true)) {
      vertx.setPeriodic(limits.pollMillis(), due -> poll(notifications));
      vertx.setPeriodic(REFRESH_MILLIS, due -> refresh());
    }
  }

  Config.Live limits() {
    return limits;
  }

  /** Whether new streams are refused: the node is leaving or holds all it may. */
  public boolean closed() {
    return draining != null || byId.size() >= limits.maxStreams();
  }

  /**
   * A place for one more stream of the user; while Redis is away only those of this node count.
   *
   * @return empty when the user has all he may have
   */
  public Future<java.util.Optional<Place>> place(long userId) {
    Seats.Seat seat = new Seats.Seat(userId, Ids.random("", 20), "", clock.millis());
    return seats
        .take(seat)
        .map(Seats.Taken::granted)
        .otherwise(away -> byUser.getOrDefault(userId, Set.of()).size() < STREAMS_PER_USER)
        .map(
            granted ->
                granted ? java.util.Optional.of(new Place(seat)) : java.util.Optional.empty());
  }

  /** A place that was taken; give it to a stream or leave it. */
  public record Place(Seats.Seat seat) {}

  void enter(NotificationStream stream) {
    Seats.Seat seat = stream.seat();
    byId.put(seat.id(), stream);
    byUser.compute(
        seat.userId(),
        (id, present) -> {
          Set<NotificationStream> all = present == null ? ConcurrentHashMap.newKeySet() : present;
          all.add(stream);
          return all;
        });
  }

  void leave(NotificationStream stream) {
    Seats.Seat seat = stream.seat();
    byId.remove(seat.id());
    seats.leave(seat);
    byUser.computeIfPresent(
        seat.userId(),
        (id, all) -> {
          all.remove(stream);
          return all.isEmpty() ? null : all;
        });
    if (draining != null && byId.isEmpty()) {
      empty.tryComplete();
    }
  }

  void count(String name, String tag, String value) {
    meters.counter(name, tag, value).increment();
  }

  private void poll(NotificationsService notifications) {
    if (byUser.isEmpty() || !polling.compareAndSet(false, true)) {
      return;
    }
    List<Long> users = List.copyOf(byUser.keySet());
    List<Future<?>> asked = new ArrayList<>();
    for (int i = 0; i < users.size(); i += BATCH) {
      IdBatch batch = new IdBatch(users.subList(i, Math.min(users.size(), i + BATCH)));
      asked.add(
          notifications
              .pulse(Callers.system("stream-poll"), new NotificationsPulseRequest(batch))
              .onSuccess(
                  found ->
                      found
                          .pulses()
                          .forEach(
                              pulse ->
                                  byUser
                                      .getOrDefault(pulse.userId(), Set.of())
                                      .forEach(stream -> stream.run(() -> stream.pulse(pulse))))));
    }
    Future.join(asked)
        .onFailure(away -> LOG.warn("notifications not looked at: {}", away.getMessage()))
        .onComplete(done -> polling.set(false));
  }

  private void refresh() {
    if (!byId.isEmpty()) {
      seats
          .keep(byId.values().stream().map(NotificationStream::seat).toList())
          .onFailure(away -> LOG.debug("seats not refreshed: {}", away.getMessage()));
    }
  }

  /** Takes no more streams and ends the present ones; browsers reconnect by themselves. */
  public synchronized Future<Void> drain() {
    if (draining != null) {
      return draining;
    }
    draining = empty.future();
    List<NotificationStream> all = List.copyOf(byId.values());
    if (all.isEmpty()) {
      empty.tryComplete();
      return draining;
    }
    all.forEach(stream -> stream.run(() -> stream.end("drain")));
    vertx.setTimer(DRAIN_GRACE_MILLIS, over -> empty.tryComplete());
    return draining;
  }
}
