package com.sharestack.gateway.live;

import com.sharestack.contract.Caller;
import com.sharestack.contract.EventsPage;
import com.sharestack.contract.MessagesResumeRequest;
import com.sharestack.contract.MessagesUnreadRequest;
import com.sharestack.contract.ResumeQuery;
import com.sharestack.contract.ResumeState;
import com.sharestack.platform.ids.Ids;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket of sharestack.dm.v1: its life from the handshake to the close. Frames are answered one
 * after the other; everything happens on the socket's event loop.
 */
final class Connection implements Follower.Listener, Intake.Host, FrameGate.Guard {

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private static final int MAX_WAITING = 64;

  private enum State {
    OPEN,
    GREETING,
    READY,
    CLOSED
  }

  private final LiveLoop loop;
  private final ServerWebSocket socket;
  private final Context context;
  private final Outbound out;
  private final Follower follower;
  private final Requests requests;
  private final Intake intake;
  private final Lifetime lifetime;
  private final AccountCheck account;
  private final Queue<ClientFrame> waiting = new ArrayDeque<>();
  private final String id = Ids.random("", 20);
  private Session session;
  private Seats.Seat seat;
  private State state = State.OPEN;
  private boolean answering;
  private boolean paused;
  private boolean leaving;

  Connection(LiveLoop loop, ServerWebSocket socket, Context context, Session session) {
    this.loop = loop;
    this.socket = socket;
    this.context = context;
    this.session = session;
    this.intake = new Intake(loop.clock(), this);
    this.lifetime = new Lifetime(loop.clock().millis());
    this.account = new AccountCheck(loop.sessions(), this);
    this.out = new Outbound(socket, loop.clock(), room -> proceed());
    this.follower = new Follower(loop.messages(), last -> caller(), out, this);
    this.requests = new Requests(loop, this, follower, out);
    FrameGate.install(socket, this);
    socket.frameHandler(this::frame);
    socket.pongHandler(pong -> heard());
    socket.exceptionHandler(broken -> LOG.debug("socket {}: {}", id, broken.getMessage()));
    socket.closeHandler(closed -> ended());
  }

  void run(Runnable action) {
    context.runOnContext(go -> action.run());
  }

  Session session() {
    return session;
  }

  void renew(Tickets.Pass pass) {
    session = session.renewed(pass);
    lifetime.renewed();
  }

  Caller caller() {
    return session.caller(Ids.random("ws_", 16));
  }

  Seats.Seat seat() {
    return seat;
  }

  @Override
  public long nowMillis() {
    return loop.clock().millis();
  }

  /** Sent is sent: a frame nobody wants is a sign of life all the same. */
  @Override
  public void dropped() {
    heard();
  }

  @Override
  public void refused(CloseCode code) {
    run(() -> close(code));
  }

  private void heard() {
    lifetime.heard(loop.clock().millis());
  }

  private void frame(WebSocketFrame frame) {
    heard();
    if (state == State.CLOSED || leaving || frame.isPing() || frame.isClose()) {
      return;
    }
    intake.frame(frame);
  }

  @Override
  public boolean admits(String type) {
    return state == State.OPEN ? type.equals("hello") : state != State.GREETING;
  }

  @Override
  public void take(ClientFrame frame) {
    if (state == State.OPEN) {
      state = State.GREETING;
      hello(frame);
      return;
    }
    waiting.add(frame);
    if (waiting.size() >= MAX_WAITING && !paused) {
      paused = true;
      socket.pause();
    }
    next();
  }

  @Override
  public void tell(String ref, Refused refused, boolean fatal) {
    out.send("error", null, ref, refused.data(fatal));
  }

  /** Answers the next frame, unless one is being answered or the client reads no answers. */
  private void next() {
    if (leaving && !answering) {
      close(CloseCode.GOING_AWAY);
    }
    if (state != State.READY || answering) {
      return;
    }
    if (!waiting.isEmpty() && !out.congested()) {
      ClientFrame frame = waiting.poll();
      answering = true;
      answer(frame)
          .onFailure(failure -> fail(frame, failure))
          .onComplete(
              done -> {
                answering = false;
                run(this::next);
              });
    }
    if (paused && waiting.size() < MAX_WAITING / 2) {
      paused = false;
      socket.resume();
    }
  }

  private Future<Void> answer(ClientFrame frame) {
    try {
      return requests.answer(frame);
    } catch (RuntimeException broken) {
      return Future.failedFuture(broken);
    }
  }

  private void fail(ClientFrame frame, Throwable failure) {
    if (state == State.CLOSED) {
      return;
    }
    switch (failure) {
      case Refused refused -> intake.refuse(frame.id(), refused);
      default -> {
        ServiceException known = loop.tellable(failure);
        if (known.failureCode() >= 500) {
          LOG.warn("a {} frame was answered {}", frame.type(), known.getMessage(), failure);
        }
        intake.refuse(frame.id(), Refused.of(known));
      }
    }
  }

  private void proceed() {
    follower.pump();
    next();
  }

  private void hello(ClientFrame hello) {
    String device = hello.data().getString("device_id");
    Long since = hello.data().getLong("since_seq");
    seat = new Seats.Seat(session.userId(), id, device, lifetime.openedMillis());
    loop.node()
        .enter(this, seat)
        .compose(
            entered ->
                loop.messages().resume(caller(), new MessagesResumeRequest(new ResumeQuery(since))))
        .onSuccess(start -> welcome(hello, since, start))
        .onFailure(
            away -> {
              ServiceException failure = loop.tellable(away);
              if (state != State.CLOSED) {
                out.send("error", null, hello.id(), Refused.of(failure).data(true));
                close(failure.failureCode() >= 503 ? CloseCode.OVERLOAD : CloseCode.INTERNAL);
              }
            });
  }

  private void welcome(ClientFrame hello, Long since, ResumeState start) {
    if (state != State.GREETING) {
      return;
    }
    out.send("welcome", null, hello.id(), Welcome.data(id, session, start, loop.clock().instant()));
    state = State.READY;
    loop.node().count("live_resumes", "kind", start.resume());
    boolean replay = start.resume().equals("replay");
    follower.start(replay ? since : start.headSeq(), start.headSeq(), replay);
    if (leaving) {
      close(CloseCode.GOING_AWAY);
    }
  }

  @Override
  public void replayed(long headSeq) {
    out.send("sync.done", null, null, new JsonObject().put("head_seq", headSeq));
    loop.messages()
        .unread(caller(), new MessagesUnreadRequest())
        .onSuccess(
            unread -> {
              JsonObject data =
                  new JsonObject()
                      .put("unread_total", unread.unreadTotal())
                      .put("request_total", unread.requestTotal())
                      .put("conversations", new JsonArray());
              fleeting("unread", data);
            })
        .onFailure(away -> LOG.debug("unread not told: {}", away.getMessage()));
  }

  @Override
  public void reset(EventsPage page, String reason) {
    loop.node().count("live_resumes", "kind", "reset_while_open");
    out.send("sync.reset", null, null, resetData(page, reason));
  }

  static JsonObject resetData(EventsPage page, String reason) {
    return new JsonObject()
        .put("head_seq", page.headSeq())
        .put("oldest_seq", page.oldestSeq())
        .put("reason", reason);
  }

  @Override
  public void tooSlow() {
    close(CloseCode.TOO_SLOW);
  }

  void hint(long seq) {
    if (state == State.READY) {
      follower.hint(seq);
    }
  }

  /** Whether no hint told the connection of {@code seq}. */
  boolean misses(long seq) {
    return state == State.READY && follower.behind(seq);
  }

  void typing(JsonObject data) {
    fleeting("typing", data);
  }

  /** The first to go when the client does not keep up. */
  private void fleeting(String type, JsonObject data) {
    if (state != State.READY) {
      return;
    }
    if (out.congested()) {
      loop.node().count("live_dropped", "type", type);
    } else {
      out.send(type, null, null, data);
    }
  }

  /** Once a second: what time brings about. */
  void tick(long now) {
    if (state == State.CLOSED) {
      return;
    }
    if (state == State.OPEN && loop.node().draining()) {
      close(CloseCode.GOING_AWAY);
    } else if (Lifetime.expired(now, session)) {
      close(CloseCode.SESSION_ENDED);
    } else if (loop.sessions().revoked(session.sessionId())) {
      account.check(CloseCode.SESSION_ENDED);
    } else if (lifetime.overdue(now, state == State.READY)) {
      close(CloseCode.TIMEOUT);
    } else if (out.overflown()
        || out.stalledMillis() >= loop.node().limits().stallSeconds() * 1000L) {
      close(CloseCode.TOO_SLOW);
    } else if (state == State.READY) {
      if (lifetime.expiryToTell(now, session)) {
        JsonObject data = new JsonObject().put("expires_at", Outbound.millis(session.expiresAt()));
        out.send("auth.expiring", null, null, data);
      }
      requests.tick(now);
      follower.tick(now);
    }
    if (state != State.CLOSED && lifetime.pingDue(now)) {
      socket.writePing(Buffer.buffer("p"));
    }
  }

  /** The account changed: ends the connection unless it may stay. */
  void accountChanged() {
    account.check(null);
  }

  void stands(Standing now) {
    session = session.with(now);
  }

  /** Takes no more frames; closes when the one that is being answered is. */
  void drain() {
    leaving = true;
    waiting.clear();
    if (state == State.READY && !answering || state == State.OPEN) {
      close(CloseCode.GOING_AWAY);
    }
  }

  @Override
  public void close(CloseCode code) {
    if (state == State.CLOSED) {
      return;
    }
    socket.resume(); // a paused one would not hear that it is closed
    loop.node().closing(socket.close(code.number(), code.reason()));
    loop.node().count("live_closed", "code", String.valueOf(code.number()));
    leave();
  }

  private void ended() {
    if (state != State.CLOSED) {
      leave();
      loop.node().count("live_closed", "code", "client");
    }
  }

  private void leave() {
    state = State.CLOSED;
    follower.stop();
    waiting.clear();
    loop.forget(this);
    if (seat != null) {
      loop.node().leave(this, seat);
    }
  }
}
