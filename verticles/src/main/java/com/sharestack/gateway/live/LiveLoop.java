package com.sharestack.gateway.live;

import com.sharestack.contract.MessagesService;
import com.sharestack.contract.NotificationsService;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.serviceproxy.ServiceException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The sockets of one event loop, and what they work with. */
public final class LiveLoop {

  /** Purpose of tickets for the WebSocket of private messages. */
  public static final String MESSAGES = "messages";

  private static final long TICK_MILLIS = 1_000;

  private final Parts parts;
  private final Vertx vertx;
  private final Set<Connection> connections = new HashSet<>();
  private final Set<NotificationStream> open = new HashSet<>();

  /**
   * What a loop is made of.
   *
   * @param messages client of this loop
   * @param tellable what a failed call means to a client
   */
  public record Parts(
      LiveNode node,
      Streams streams,
      MessagesService messages,
      NotificationsService notifications,
      Sessions sessions,
      Tickets tickets,
      Clock clock,
      Function<Throwable, ServiceException> tellable) {}

  public LiveLoop(Vertx vertx, Parts parts) {
    this.vertx = vertx;
    this.parts = parts;
    vertx.setPeriodic(TICK_MILLIS, due -> tick());
  }

  /** Takes over a socket whose handshake is done; call on the socket's event loop. */
  public void open(ServerWebSocket socket, Session session) {
    Context context = vertx.getOrCreateContext();
    connections.add(new Connection(this, socket, context, session));
  }

  /**
   * Begins a stream of notifications; call on the response's event loop.
   *
   * @param lastEventId the newest notification the client has; null for a fresh client
   */
  public void stream(
      HttpServerResponse response, Session session, Streams.Place place, Long lastEventId) {
    NotificationStream stream =
        new NotificationStream(
            this,
            parts.streams(),
            parts.notifications(),
            response,
            vertx.getOrCreateContext(),
            session,
            place);
    open.add(stream);
    stream.start(lastEventId);
  }

  private void tick() {
    long now = parts.clock().millis();
    List.copyOf(connections).forEach(connection -> connection.tick(now));
    List.copyOf(open).forEach(stream -> stream.tick(now));
  }

  /** What the account of these connections is or may do changed. */
  public void accountChanged(long userId) {
    if (parts.node().holds(userId)) {
      connections.stream()
          .filter(connection -> connection.session().userId() == userId)
          .toList()
          .forEach(Connection::accountChanged);
    }
    open.stream()
        .filter(stream -> stream.userId() == userId)
        .toList()
        .forEach(NotificationStream::accountChanged);
  }

  void forget(Connection connection) {
    connections.remove(connection);
  }

  void forget(NotificationStream stream) {
    open.remove(stream);
  }

  LiveNode node() {
    return parts.node();
  }

  public MessagesService messages() {
    return parts.messages();
  }

  public NotificationsService notifications() {
    return parts.notifications();
  }

  Sessions sessions() {
    return parts.sessions();
  }

  public Tickets tickets() {
    return parts.tickets();
  }

  Clock clock() {
    return parts.clock();
  }

  ServiceException tellable(Throwable failure) {
    return parts.tellable().apply(failure);
  }
}
