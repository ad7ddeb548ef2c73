package com.sharestack.testing;

import com.sharestack.contract.AcknowledgeResult;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.EventHead;
import com.sharestack.contract.EventHeads;
import com.sharestack.contract.EventsPage;
import com.sharestack.contract.MessageDelivered;
import com.sharestack.contract.MessageEvent;
import com.sharestack.contract.MessageSend;
import com.sharestack.contract.MessageUnread;
import com.sharestack.contract.MessagesAcknowledgeRequest;
import com.sharestack.contract.MessagesDeliverRequest;
import com.sharestack.contract.MessagesEventsRequest;
import com.sharestack.contract.MessagesHeadsRequest;
import com.sharestack.contract.MessagesReadRequest;
import com.sharestack.contract.MessagesResumeRequest;
import com.sharestack.contract.MessagesService;
import com.sharestack.contract.PrivateMessage;
import com.sharestack.contract.ReadResult;
import com.sharestack.contract.ResumeState;
import com.sharestack.contract.TypingAudience;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.presence.Hints;
import com.sharestack.platform.presence.Presence;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * A small messages domain in memory, for tests of the gateway's socket: event logs, sends that are
 * seen once, hints that a test may lose. Several gateways may share it like one database.
 */
public final class MessageLog {

  private static final String AT = "2026-01-02T03:04:05.678Z";

  private final Map<Long, List<MessageEvent>> logs = new ConcurrentHashMap<>();
  private final Map<String, MessageDelivered> sent = new ConcurrentHashMap<>();
  private final Map<Long, Long> oldest = new ConcurrentHashMap<>();
  private final List<Hints> hints = new CopyOnWriteArrayList<>();
  private final List<String> acknowledged = new CopyOnWriteArrayList<>();
  private final Map<Long, Long> readUpTo = new ConcurrentHashMap<>();
  private volatile boolean hinting = true;
  private volatile boolean readable = true;
  private volatile Supplier<Future<Void>> beforeSend = Future::succeededFuture;
  private volatile Supplier<Future<Void>> afterSend = Future::succeededFuture;

  /** Puts the domain on the bus of a gateway. */
  public MessageLog serve(ApiGateway gateway) {
    TestNode node = gateway.node();
    hints.add(
        new Hints(node.vertx(), new Presence(node.platform().cache(), node.platform().clock())));
    Class<MessagesService> type = MessagesService.class;
    gateway.answer(type, "resume", (c, r) -> done(resume(c, (MessagesResumeRequest) r)));
    gateway.answer(
        type,
        "events",
        (c, r) ->
            readable
                ? done(events(c, (MessagesEventsRequest) r))
                : Future.failedFuture(Errors.of(ErrorCode.SERVICE_UNAVAILABLE)));
    gateway.answer(type, "heads", (c, r) -> done(heads((MessagesHeadsRequest) r)));
    gateway.answer(type, "unread", (c, r) -> done(new MessageUnread(3, 0, 1, 2)));
    gateway.answer(type, "deliver", (c, r) -> deliver(c, ((MessagesDeliverRequest) r).body()));
    gateway.answer(
        type,
        "read",
        (c, r) -> {
          MessagesReadRequest read = (MessagesReadRequest) r;
          return done(new ReadResult(read.id(), read.body().upToSeq(), 0, 0));
        });
    gateway.answer(
        type, "recall", (c, r) -> Future.failedFuture(Errors.of(ErrorCode.RECALL_WINDOW_EXPIRED)));
    gateway.answer(type, "typing", (c, r) -> done(new TypingAudience(List.of(peerOf(c.userId())))));
    gateway.answer(
        type,
        "acknowledge",
        (c, r) -> {
          var command = ((MessagesAcknowledgeRequest) r).body();
          acknowledged.add(command.deviceId() + " " + command.seq());
          return done(new AcknowledgeResult(command.seq()));
        });
    return this;
  }

  private static <T> Future<T> done(T answer) {
    return Future.succeededFuture(answer);
  }

  private static long peerOf(long userId) {
    return userId == ApiGateway.READER ? ApiGateway.CREATOR : ApiGateway.READER;
  }

  /** Whether gateways are told of new events; else they have to look. */
  public void hinting(boolean on) {
    hinting = on;
  }

  /** Whether anybody can read the log; else that is SERVICE_UNAVAILABLE. */
  public void readable(boolean on) {
    readable = on;
  }

  /** What happens between the arrival of a send and its commit. */
  public void beforeSend(Supplier<Future<Void>> wait) {
    beforeSend = wait;
  }

  /** What happens between the commit of a send and its answer. */
  public void afterSend(Supplier<Future<Void>> wait) {
    afterSend = wait;
  }

  /** What sockets said they stored, as "device seq". */
  public List<String> acknowledged() {
    return acknowledged;
  }

  /** Up to which seq anybody has read the user's log. */
  public long readUpTo(long userId) {
    return readUpTo.getOrDefault(userId, 0L);
  }

  public long head(long userId) {
    return log(userId).size();
  }

  /** The log forgets everything before {@code seq}. */
  public void forgetBefore(long userId, long seq) {
    oldest.put(userId, seq);
  }

  /** One more event of the user; its seq. */
  public long append(long userId, String text) {
    JsonObject message = new JsonObject().put("client_msg_id", "none").put("content", text);
    long seq = append(userId, "message.new", new JsonObject().put("message", message));
    tell(userId, seq);
    return seq;
  }

  private synchronized long append(long userId, String type, JsonObject data) {
    List<MessageEvent> log = log(userId);
    log.add(new MessageEvent(log.size() + 1, type, AT, data));
    return log.size();
  }

  private void tell(long userId, long seq) {
    if (hinting) {
      for (Hints each : hints) {
        try {
          each.events(userId, seq);
        } catch (java.util.concurrent.RejectedExecutionException stopped) {
          hints.remove(each); // that node is no more
        }
      }
    }
  }

  private List<MessageEvent> log(long userId) {
    return logs.computeIfAbsent(userId, id -> new CopyOnWriteArrayList<>());
  }

  private long oldest(long userId) {
    return oldest.getOrDefault(userId, 1L);
  }

  private ResumeState resume(Caller caller, MessagesResumeRequest request) {
    long head = head(caller.userId());
    Long since = request.body().sinceSeq();
    String kind =
        since == null || since == head
            ? "live"
            : since < head && head - since <= 1000 && since + 1 >= oldest(caller.userId())
                ? "replay"
                : "reset";
    return new ResumeState(head, oldest(caller.userId()), kind, 3);
  }

  private EventsPage events(Caller caller, MessagesEventsRequest request) {
    List<MessageEvent> log = new ArrayList<>(log(caller.userId()));
    long since = request.body().sinceSeq();
    boolean reset = since > log.size() || since + 1 < oldest(caller.userId());
    List<MessageEvent> page =
        reset ? List.of() : log.stream().skip(since).limit(request.body().limit()).toList();
    long next = since + page.size();
    readUpTo.merge(caller.userId(), next, Math::max);
    return new EventsPage(
        page, next, log.size(), oldest(caller.userId()), next < log.size(), reset);
  }

  private EventHeads heads(MessagesHeadsRequest request) {
    return new EventHeads(
        request.body().ids().stream().map(id -> new EventHead(id, head(id))).toList());
  }

  private Future<MessageDelivered> deliver(Caller caller, MessageSend send) {
    MessageDelivered first = sent.get(send.clientMsgId());
    if (first != null) {
      return done(new MessageDelivered(first.message(), true, first.seq()));
    }
    if ("refuse".equals(send.content())) {
      return Future.failedFuture(Errors.of(ErrorCode.RATE_LIMIT_EXCEEDED, "retry_after", 6));
    }
    return beforeSend
        .get()
        .map(go -> store(caller.userId(), send))
        .compose(answer -> afterSend.get().map(answer));
  }

  private MessageDelivered store(long sender, MessageSend send) {
    long peer = send.toUserId() == null ? peerOf(sender) : send.toUserId();
    long number = sent.size() + 1;
    JsonObject json =
        ApiClient.sample("PrivateMessage")
            .put("id", number)
            .put("client_msg_id", send.clientMsgId())
            .put("conversation_id", 1)
            .put("conv_seq", number)
            .put("sender_id", sender)
            .put("receiver_id", peer)
            .put("content", send.content())
            .put("created_at", AT);
    PrivateMessage message = Wire.read(json, PrivateMessage.class);
    JsonObject data = new JsonObject().put("message", Wire.write(message)).put("unread_total", 1);
    long own = append(sender, "message.new", data);
    long other = append(peer, "message.new", data);
    MessageDelivered answer = new MessageDelivered(message, false, own);
    sent.put(send.clientMsgId(), answer);
    tell(sender, own);
    tell(peer, other);
    return answer;
  }
}
