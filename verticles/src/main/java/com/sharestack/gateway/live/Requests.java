package com.sharestack.gateway.live;

import com.sharestack.contract.AcknowledgeCommand;
import com.sharestack.contract.Caller;
import com.sharestack.contract.EventsPage;
import com.sharestack.contract.EventsQuery;
import com.sharestack.contract.MessageDelivered;
import com.sharestack.contract.MessageEvent;
import com.sharestack.contract.MessageSend;
import com.sharestack.contract.MessagesAcknowledgeRequest;
import com.sharestack.contract.MessagesDeliverRequest;
import com.sharestack.contract.MessagesEventsRequest;
import com.sharestack.contract.MessagesReadRequest;
import com.sharestack.contract.MessagesRecallRequest;
import com.sharestack.contract.MessagesTypingRequest;
import com.sharestack.contract.PrivateMessage;
import com.sharestack.contract.ReadCommand;
import com.sharestack.contract.TypingQuery;
import com.sharestack.contract.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the frames of one connection ask for, after welcome. */
final class Requests {

  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  private static final int SYNC_EVENTS = 200;

  /** A sync.batch is one frame and must not be larger than one; this leaves room for the rest. */
  private static final int SYNC_BYTES = Reassembly.MAX_BYTES - 1024;

  private static final long ACK_MILLIS = 1_000;
  private static final long TYPING_MILLIS = 3_000;
  private static final long TYPING_SECONDS = 6;
  private static final int TYPING_CONVERSATIONS = 32;

  private final LiveLoop loop;
  private final Connection connection;
  private final Follower follower;
  private final Outbound out;

  /** Last forwarded typing start by conversation; a stop after it takes the sign away. */
  private final Map<Long, Typing> typed =
      new LinkedHashMap<>(4, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Typing> eldest) {
          return size() > TYPING_CONVERSATIONS;
        }
      };

  private boolean askingTyping;
  private long stored;
  private long storedTold;
  private long storedMillis;
  private boolean telling;

  private record Typing(long startMillis, boolean open) {}

  Requests(LiveLoop loop, Connection connection, Follower follower, Outbound out) {
    this.loop = loop;
    this.connection = connection;
    this.follower = follower;
    this.out = out;
  }

  /** Completes when the frame is answered; fails with what the client is to be told. */
  Future<Void> answer(ClientFrame frame) {
    return switch (frame.type()) {
      case "message.send" -> send(frame);
      case "message.recall" -> recall(frame);
      case "read" -> read(frame);
      case "sync" -> sync(frame);
      case "auth.refresh" -> refresh(frame);
      case "ping" -> pong(frame);
      case "event.ack" -> {
        stored = Math.max(stored, frame.data().getLong("seq"));
        tellStored(loop.clock().millis());
        yield Future.succeededFuture();
      }
      case "typing" -> {
        typing(frame.data());
        yield Future.succeededFuture();
      }
      default -> Future.failedFuture(Refused.badFrame("hello 只能发送一次"));
    };
  }

  private Future<Void> send(ClientFrame frame) {
    JsonObject data = frame.data();
    String clientMsgId = data.getString("client_msg_id");
    JsonObject body = new JsonObject();
    for (String field :
        new String[] {
          "client_msg_id",
          "conversation_id",
          "to_user_id",
          "content",
          "attachment_id",
          "reply_to_message_id"
        }) {
      if (data.getValue(field) != null) {
        body.put(field, data.getValue(field));
      }
    }
    body.put("message_type", data.getString("message_type", "text"));
    follower.sendBegins(clientMsgId, loop.clock().millis());
    return loop.messages()
        .deliver(
            connection.caller(), new MessagesDeliverRequest(Wire.read(body, MessageSend.class)))
        .onComplete(
            sent -> accepted(frame.id(), sent), refused -> follower.sendEnds(null, null, null))
        .mapEmpty();
  }

  /** A first ack waits for its turn in the order of the log; a repeated one stands outside it. */
  private void accepted(String ref, MessageDelivered sent) {
    PrivateMessage message = sent.message();
    JsonObject ack =
        new JsonObject()
            .put("client_msg_id", message.clientMsgId())
            .put("message_id", message.id())
            .put("conversation_id", message.conversationId())
            .put("conv_seq", message.convSeq())
            .put("created_at", message.createdAt())
            .put("status", message.status().literal())
            .put("duplicate", sent.duplicate());
    if (sent.duplicate()) {
      out.send("message.ack", sent.seq(), ref, ack);
      follower.sendEnds(null, null, null);
    } else {
      follower.sendEnds(sent.seq(), ref, ack);
    }
  }

  private Future<Void> recall(ClientFrame frame) {
    long id = frame.data().getLong("message_id");
    return loop.messages()
        .recall(connection.caller(), new MessagesRecallRequest(id))
        .map(
            recalled ->
                ack(
                    frame,
                    new JsonObject()
                        .put("message_id", recalled.message().id())
                        .put("conversation_id", recalled.message().conversationId())
                        .put("conv_seq", recalled.message().convSeq())));
  }

  private Future<Void> read(ClientFrame frame) {
    JsonObject data = frame.data();
    return loop.messages()
        .read(
            connection.caller(),
            new MessagesReadRequest(
                data.getLong("conversation_id"), new ReadCommand(data.getLong("up_to_seq"))))
        .map(
            read ->
                ack(
                    frame,
                    new JsonObject()
                        .put("conversation_id", read.conversationId())
                        .put("my_read_seq", read.myReadSeq())
                        .put("unread_count", read.unreadCount())
                        .put("unread_total", read.unreadTotal())));
  }

  private Future<Void> sync(ClientFrame frame) {
    long since = frame.data().getLong("since_seq");
    int limit = frame.data().getLong("limit", (long) SYNC_EVENTS).intValue();
    return loop.messages()
        .events(connection.caller(), new MessagesEventsRequest(new EventsQuery(since, limit)))
        .map(
            page -> {
              if (page.reset()) {
                String reason = since > page.headSeq() ? "log_rebuilt" : "too_old";
                out.send("sync.reset", null, frame.id(), Connection.resetData(page, reason));
              } else {
                out.send("sync.batch", null, frame.id(), batch(page));
              }
              return null;
            });
  }

  /** As many events as one frame holds, at least one; the client asks for the rest. */
  private static JsonObject batch(EventsPage page) {
    JsonArray events = new JsonArray();
    int bytes = 0;
    long next = page.nextSinceSeq();
    boolean more = page.hasMore();
    for (MessageEvent event : page.events()) {
      JsonObject json = Wire.write(event);
      bytes += json.toBuffer().length() + 1;
      if (bytes > SYNC_BYTES && !events.isEmpty()) {
        next = event.seq() - 1;
        more = true;
        break;
      }
      events.add(json);
    }
    return new JsonObject()
        .put("events", events)
        .put("next_since_seq", next)
        .put("head_seq", page.headSeq())
        .put("has_more", more);
  }

  private Future<Void> refresh(ClientFrame frame) {
    Session session = connection.session();
    Refused refused = new Refused(Refused.AUTH_FAILED, "凭证无效，请重新登录", null);
    return loop.tickets()
        .redeem(frame.data().getString("ticket"), LiveLoop.MESSAGES, session.ip())
        .compose(
            pass -> {
              boolean fits =
                  pass.isPresent()
                      && pass.get().userId() == session.userId()
                      && !loop.sessions().revoked(pass.get().sessionId());
              if (!fits) {
                return Future.failedFuture(refused);
              }
              connection.renew(pass.get());
              String until = Outbound.millis(pass.get().expiresAt());
              return Future.succeededFuture(ack(frame, new JsonObject().put("expires_at", until)));
            });
  }

  private Future<Void> pong(ClientFrame frame) {
    JsonObject data = new JsonObject().put("server_time", Outbound.millis(loop.clock().instant()));
    out.send("pong", null, frame.id(), data);
    return Future.succeededFuture();
  }

  private Void ack(ClientFrame frame, JsonObject data) {
    out.send("ack", null, frame.id(), data);
    return null;
  }

  /** The newest value only, once a second at most. */
  void tick(long now) {
    tellStored(now);
  }

  private void tellStored(long now) {
    if (telling || stored <= storedTold || now - storedMillis < ACK_MILLIS) {
      return;
    }
    telling = true;
    storedMillis = now;
    long seq = stored;
    loop.messages()
        .acknowledge(
            connection.caller(),
            new MessagesAcknowledgeRequest(new AcknowledgeCommand(connection.seat().device(), seq)))
        .onSuccess(done -> storedTold = Math.max(storedTold, seq))
        .onFailure(away -> LOG.debug("event.ack not stored: {}", away.getMessage()))
        .onComplete(done -> telling = false);
  }

  /** Surplus, unanswered and unwanted signs vanish without a word. */
  private void typing(JsonObject data) {
    long conversation = data.getLong("conversation_id");
    String state = data.getString("state");
    long now = loop.clock().millis();
    Typing before = typed.get(conversation);
    boolean start = state.equals("start");
    boolean wanted =
        start
            ? before == null || now - before.startMillis() >= TYPING_MILLIS
            : before != null && before.open();
    if (!wanted || askingTyping) {
      return;
    }
    typed.put(conversation, new Typing(start ? now : before.startMillis(), start));
    askingTyping = true;
    Caller caller = connection.caller();
    JsonObject frame =
        new JsonObject()
            .put("conversation_id", conversation)
            .put("user_id", caller.userId())
            .put("state", state)
            .put("expires_in", TYPING_SECONDS);
    loop.messages()
        .typing(caller, new MessagesTypingRequest(new TypingQuery(conversation)))
        .onSuccess(
            audience -> audience.userIds().forEach(user -> loop.node().hints().typing(user, frame)))
        .onFailure(away -> LOG.debug("typing not forwarded: {}", away.getMessage()))
        .onComplete(done -> askingTyping = false);
  }
}
