package com.sharestack.gateway.live;

import com.sharestack.contract.EventHead;
import com.sharestack.contract.IdList;
import com.sharestack.contract.MessagesHeadsRequest;
import com.sharestack.contract.MessagesService;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.presence.Hints;
import com.sharestack.platform.presence.Presence;
import com.sharestack.platform.service.Callers;
import com.sharestack.platform.service.Platform;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of this process, whatever event loop they live on: who is connected, the one bus
 * address where hints arrive, the look for hints that were lost, and the end of all of it.
 */
public final class LiveNode {

  private static final Logger LOG = LoggerFactory.getLogger(LiveNode.class);

  static final int SOCKETS_PER_USER = 5;
  private static final String REPLACED = "replaced";
  private static final long REFRESH_MILLIS = 30_000;
  private static final int HEADS = 1000;

  /** A socket that has not closed this long after the last one was told to is left behind. */
  private static final long DRAIN_GRACE_MILLIS = 5_000;

  private final Config.Live limits;
  private final Presence presence;
  private final Hints hints;
  private final Seats seats;
  private final String address = Presence.address(Ids.random("gw_", 16));
  private final Map<Long, Set<Connection>> byUser = new ConcurrentHashMap<>();
  private final Map<String, Connection> byId = new ConcurrentHashMap<>();

  /** Connections whose seat is known to Redis: only these can lose it. */
  private final Set<String> seated = ConcurrentHashMap.newKeySet();

  /** Told to close, but still open. */
  private final AtomicInteger closing = new AtomicInteger();

  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean polling = new AtomicBoolean();
  private final AtomicBoolean checking = new AtomicBoolean();
  private final Promise<Void> empty = Promise.promise();
  private final MeterRegistry meters;
  private final Vertx vertx;
  private volatile Future<Void> draining;

  public LiveNode(Vertx vertx, Platform platform) {
    this.vertx = vertx;
    this.limits = platform.config().live();
    this.presence = new Presence(platform.cache(), platform.clock());
    this.hints = new Hints(vertx, presence);
    this.seats =
        new Seats(
            platform.cache(), platform.clock(), "dm:online:", address, SOCKETS_PER_USER, true);
    this.meters = platform.meters();
    meters.gaugeMapSize("live_sockets", List.of(), byId);
  }

  /** Begins to listen and to look; the first event loop of the process does it. */
  public Future<Void> start(MessagesService messages) {
    if (!started.compareAndSet(false, true)) {
      return Future.succeededFuture();
    }
    vertx.setPeriodic(
        limits.pollMillis(),
        due -> {
          poll(messages);
          checkSeats();
        });
    vertx.setPeriodic(REFRESH_MILLIS, due -> refresh());
    return vertx.eventBus().<JsonObject>consumer(address, hint -> take(hint.body())).completion();
  }

  private void take(JsonObject hint) {
    String kind = hint.getString(Hints.KIND, "");
    switch (kind) {
      case Hints.EVENTS -> {
        long seq = hint.getLong("seq");
        each(hint.getLong("user_id"), connection -> connection.hint(seq));
      }
      case Hints.TYPING -> {
        JsonObject frame = hint.getJsonObject("frame");
        each(hint.getLong("user_id"), connection -> connection.typing(frame));
      }
      case REPLACED -> close(hint.getString("connection"), CloseCode.REPLACED);
      default -> LOG.debug("a hint of a newer release: {}", kind);
    }
  }

  private void each(long userId, Consumer<Connection> action) {
    for (Connection connection : byUser.getOrDefault(userId, Set.of())) {
      connection.run(() -> action.accept(connection));
    }
  }

  private void close(String id, CloseCode code) {
    Connection connection = byId.get(id);
    if (connection != null) {
      connection.run(() -> connection.close(code));
    }
  }

  boolean holds(long userId) {
    return byUser.containsKey(userId);
  }

  /** Whether new sockets are refused: the node is leaving or holds all it may. */
  public boolean closedToSockets() {
    return draining() || byId.size() >= limits.maxSockets();
  }

  public boolean draining() {
    return draining != null;
  }

  Hints hints() {
    return hints;
  }

  Config.Live limits() {
    return limits;
  }

  void count(String name, String tag, String value) {
    meters.counter(name, tag, value).increment();
  }

  /** A connection that said hello is found from now on; it may cost another one its place. */
  Future<Void> enter(Connection connection, Seats.Seat seat) {
    byId.put(seat.id(), connection);
    byUser.compute(
        seat.userId(),
        (id, present) -> {
          Set<Connection> all = present == null ? ConcurrentHashMap.newKeySet() : present;
          all.add(connection);
          return all;
        });
    Future<Void> known =
        presence
            .add(seat.userId(), address)
            .otherwise(away -> null); // without Redis the look for lost hints finds the news
    return takeSeat(seat)
        .otherwise(
            away -> {
              replaceHere(connection, seat);
              return null;
            })
        .compose(taken -> known);
  }

  private Future<Void> takeSeat(Seats.Seat seat) {
    return seats
        .take(seat)
        .map(
            taken -> {
              seated.add(seat.id());
              if (!byId.containsKey(seat.id())) {
                giveUp(seat); // it left while the seat was taken
              }
              taken.losers().forEach(this::replace);
              return null;
            });
  }

  private void giveUp(Seats.Seat seat) {
    seated.remove(seat.id());
    seats.leave(seat);
  }

  private void replace(Seats.Loser loser) {
    if (byId.containsKey(loser.id())) {
      close(loser.id(), CloseCode.REPLACED);
    } else {
      JsonObject hint = new JsonObject().put(Hints.KIND, REPLACED).put("connection", loser.id());
      vertx.eventBus().send(loser.node(), hint);
    }
  }

  /** Redis is away: the rule holds for the connections of this node. */
  private void replaceHere(Connection newest, Seats.Seat seat) {
    List<Connection> others = new ArrayList<>(byUser.getOrDefault(seat.userId(), Set.of()));
    others.remove(newest);
    others.sort(java.util.Comparator.comparingLong(each -> each.seat().openedMillis()));
    int over = others.size() + 1 - SOCKETS_PER_USER;
    for (Connection other : others) {
      if (over-- > 0 || other.seat().device().equals(seat.device())) {
        close(other.seat().id(), CloseCode.REPLACED);
      }
    }
  }

  void leave(Connection connection, Seats.Seat seat) {
    byId.remove(seat.id());
    giveUp(seat);
    Set<Connection> rest =
        byUser.computeIfPresent(
            seat.userId(),
            (id, all) -> {
              all.remove(connection);
              return all.isEmpty() ? null : all;
            });
    if (rest == null) {
      presence
          .remove(seat.userId(), address)
          // commands overtake each other: who came back meanwhile is noted again
          .onSuccess(
              gone -> {
                if (holds(seat.userId())) {
                  presence.add(seat.userId(), address);
                }
              });
    }
    checkEmpty();
  }

  /** A socket was told why it closes; a stop has to wait until it has heard it. */
  void closing(Future<Void> closed) {
    closing.incrementAndGet();
    closed.onComplete(
        gone -> {
          closing.decrementAndGet();
          checkEmpty();
        });
  }

  private void checkEmpty() {
    if (draining() && byId.isEmpty() && closing.get() == 0) {
      empty.tryComplete();
    }
  }

  /** Asks for the newest seq of everybody here; what no hint told is found this way. */
  private void poll(MessagesService messages) {
    if (byUser.isEmpty() || !polling.compareAndSet(false, true)) {
      return;
    }
    List<Long> users = List.copyOf(byUser.keySet());
    List<Future<?>> asked = new ArrayList<>();
    for (int i = 0; i < users.size(); i += HEADS) {
      List<Long> batch = users.subList(i, Math.min(users.size(), i + HEADS));
      asked.add(
          messages
              .heads(Callers.system("live-poll"), new MessagesHeadsRequest(new IdList(batch)))
              .onSuccess(found -> found.heads().forEach(this::repair)));
    }
    Future.join(asked)
        .onFailure(away -> LOG.warn("heads of event logs not read: {}", away.getMessage()))
        .onComplete(done -> polling.set(false));
  }

  private void repair(EventHead head) {
    each(
        head.userId(),
        connection -> {
          if (connection.misses(head.headSeq())) {
            count("live_hints_repaired", "kind", "events");
            connection.hint(head.headSeq());
          }
        });
  }

  private void refresh() {
    List<Long> users = List.copyOf(byUser.keySet());
    if (users.isEmpty()) {
      return;
    }
    presence
        .refresh(users, address)
        .onFailure(away -> LOG.debug("presence not refreshed: {}", away.getMessage()));
    seats
        .keep(seatsHeld())
        .onSuccess(this::replaced)
        .onFailure(away -> LOG.debug("seats not refreshed: {}", away.getMessage()));
    // who came while Redis was away
    byId.values().stream()
        .map(Connection::seat)
        .filter(seat -> !seated.contains(seat.id()))
        .forEach(
            seat ->
                takeSeat(seat)
                    .onFailure(away -> LOG.debug("no seat taken: {}", away.getMessage())));
  }

  /** Who was replaced on another node and whose hint was lost. */
  private void checkSeats() {
    List<Seats.Seat> held = seatsHeld();
    if (held.isEmpty() || !checking.compareAndSet(false, true)) {
      return;
    }
    seats
        .lost(held)
        .onSuccess(this::replaced)
        .onFailure(away -> LOG.debug("seats not looked at: {}", away.getMessage()))
        .onComplete(done -> checking.set(false));
  }

  private List<Seats.Seat> seatsHeld() {
    return byId.values().stream()
        .map(Connection::seat)
        .filter(seat -> seated.contains(seat.id()))
        .toList();
  }

  private void replaced(List<Seats.Seat> lost) {
    for (Seats.Seat seat : lost) {
      if (byId.containsKey(seat.id())) {
        count("live_hints_repaired", "kind", "replaced");
        close(seat.id(), CloseCode.REPLACED);
      }
    }
  }

  /**
   * Takes no more sockets and closes the present ones with 1001, spread over the configured time,
   * so that their clients resume on other nodes. May be called by anybody, any number of times.
   *
   * @return complete when all are closed, or when those that are not had their time
   */
  public synchronized Future<Void> drain() {
    if (draining != null) {
      return draining;
    }
    draining = empty.future();
    List<Connection> all = List.copyOf(byId.values());
    checkEmpty();
    if (all.isEmpty()) {
      return draining;
    }
    LOG.info("closing {} sockets", all.size());
    for (int i = 0; i < all.size(); i++) {
      Connection connection = all.get(i);
      long pause = 1 + (long) limits.drainMillis() * i / all.size();
      vertx.setTimer(pause, due -> connection.run(connection::drain));
    }
    vertx.setTimer(
        limits.drainMillis() + DRAIN_GRACE_MILLIS,
        over -> {
          if (empty.tryComplete()) {
            LOG.warn("{} sockets did not close in time", byId.size());
          }
        });
    return draining;
  }
}
