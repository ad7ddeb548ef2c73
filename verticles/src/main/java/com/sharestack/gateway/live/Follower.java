package com.sharestack.gateway.live;

import com.sharestack.contract.EventsPage;
import com.sharestack.contract.EventsQuery;
import com.sharestack.contract.MessageEvent;
import com.sharestack.contract.MessagesEventsRequest;
import com.sharestack.contract.MessagesService;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one user's event log to one socket, in order and without gaps, from the last seq written.
 * Reads only what the socket can take, so the log itself is the queue of a slow client.
 */
final class Follower {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  /** Events of a page; the largest are about 9 KB, so a page fits what a queue still takes. */
  private static final int PAGE = 64;

  /**
   * A first ack that does not get its turn in this time after its message came, because the log
   * cannot be read, goes ahead as a repeated one: the sender waits for it, and it is true.
   */
  private static final long ACK_MILLIS = 3_000;

  /** Events that may wait for a client that does not read. */
  private static final int MAX_BEHIND = 512;

  private final MessagesService messages;
  private final LongFunction<com.sharestack.contract.Caller> caller;
  private final Outbound out;
  private final Listener listener;

  /** First acks that wait for their turn, by seq. */
  private final TreeMap<Long, Ack> acks = new TreeMap<>();

  private long last;
  private long wanted;
  private long replayUntil = -1;
  private boolean reading;
  private boolean stopped;

  /** The own message that is being sent, whose event must go out as its ack; null for none. */
  private String sending;

  private long sendingMillis;

  /** What the connection does about it. */
  interface Listener {
    /** A replay is complete. */
    void replayed(long headSeq);

    /** The log does not reach back; the client has to load its lists. */
    void reset(EventsPage page, String reason);

    /** More waits than a connection may leave unread. */
    void tooSlow();
  }

  private record Ack(String ref, JsonObject data, long sinceMillis) {}

  Follower(
      MessagesService messages,
      LongFunction<com.sharestack.contract.Caller> caller,
      Outbound out,
      Listener listener) {
    this.messages = messages;
    this.caller = caller;
    this.out = out;
    this.listener = listener;
  }

  /**
   * Begins to write.
   *
   * @param from last seq the client has
   * @param head newest seq
   * @param replay whether {@code from} to {@code head} is a replay, to be told when it is over
   */
  void start(long from, long head, boolean replay) {
    last = from;
    wanted = Math.max(wanted, head);
    replayUntil = replay ? head : -1;
    pump();
  }

  /** The log has events up to {@code seq}. */
  void hint(long seq) {
    wanted = Math.max(wanted, seq);
    if (out.congested() && replayUntil < 0 && wanted - last > MAX_BEHIND) {
      listener.tooSlow();
      return;
    }
    pump();
  }

  boolean behind(long seq) {
    return seq > wanted;
  }

  void stop() {
    stopped = true;
  }

  void sendBegins(String clientMsgId, long nowMillis) {
    sending = clientMsgId;
    sendingMillis = nowMillis;
  }

  /**
   * @param seq of the accepted message; null when it was refused or accepted before
   */
  void sendEnds(Long seq, String ref, JsonObject ack) {
    sending = null;
    if (seq != null && seq <= last) {
      out.send("message.ack", seq, ref, ack);
    } else if (seq != null) {
      acks.put(seq, new Ack(ref, ack, sendingMillis));
      wanted = Math.max(wanted, seq);
    }
    pump();
  }

  /** What time brings about: late acks go ahead, and the log is looked at again. */
  void tick(long nowMillis) {
    for (Map.Entry<Long, Ack> late : Map.copyOf(acks).entrySet()) {
      Ack ack = late.getValue();
      if (nowMillis - ack.sinceMillis() >= ACK_MILLIS) {
        acks.remove(late.getKey()); // in its turn the event is written as message.new
        out.send("message.ack", late.getKey(), ack.ref(), ack.data().put("duplicate", true));
      }
    }
    pump();
  }

  /** Reads on where there is something to write and room for it. */
  void pump() {
    if (reading || stopped || out.congested()) {
      return;
    }
    while (acks.containsKey(last + 1)) {
      write(last + 1, null);
    }
    if (replayUntil >= 0 && last >= replayUntil) {
      replayUntil = -1;
      listener.replayed(last);
    }
    if (last < wanted) {
      read();
    }
  }

  private void read() {
    reading = true;
    messages
        .events(caller.apply(last), new MessagesEventsRequest(new EventsQuery(last, PAGE)))
        .onComplete(
            page -> {
              reading = false;
              take(page);
            },
            away -> {
              reading = false;
              LOG.warn("event log not read, tried again: {}", away.getMessage());
            });
  }

  private void take(EventsPage page) {
    if (stopped) {
      return;
    }
    if (page.reset()) {
      listener.reset(page, last > page.headSeq() ? "log_rebuilt" : "too_old");
      last = page.headSeq();
      wanted = last;
      acks.values().forEach(ack -> out.send("message.ack", null, ack.ref(), ack.data()));
      acks.clear();
      pump();
      return;
    }
    wanted = Math.max(wanted, page.headSeq());
    for (MessageEvent event : page.events()) {
      if (event.seq() <= last) {
        continue;
      }
      if (isSending(event)) {
        return; // sendEnds goes on
      }
      write(event.seq(), event);
    }
    if (page.events().isEmpty()) {
      wanted = Math.max(last, page.headSeq());
      if (last < wanted) {
        LOG.warn("the event log has no events after {} but the head {}", last, wanted);
        return; // tried again by the next tick, not in a circle
      }
    }
    pump();
  }

  private boolean isSending(MessageEvent event) {
    return sending != null
        && event.type().equals("message.new")
        && event.data().getValue("message") instanceof JsonObject message
        && sending.equals(message.getString("client_msg_id"));
  }

  private void write(long seq, MessageEvent event) {
    Ack ack = acks.remove(seq);
    // before it is sent: a queue that empties at once comes back here while the frame is written
    last = seq;
    if (ack != null) {
      out.send("message.ack", seq, ack.ref(), ack.data());
    } else {
      out.send(event.type(), seq, null, event.data());
    }
  }
}
