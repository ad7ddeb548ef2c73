package com.sharestack.social;

import com.sharestack.contract.AcknowledgeCommand;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.EventsPage;
import com.sharestack.contract.MessageEvents;
import com.sharestack.contract.ResumeState;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads event logs: for REST, for sockets, and how far devices are. */
final class Synchronizing {

  /** More than this a client does not replay but loads anew. */
  static final int MOST_REPLAYED = 1_000;

  private static final int MOST_WAIT_SECONDS = 3;
  private static final long LOOK_MILLIS = 250;
  private static final int MOST_WAITING = 200;

  private final Vertx vertx;
  private final Core core;
  private final EventViews views;
  private final Delivery delivery;
  private final AtomicInteger waiting = new AtomicInteger();

  Synchronizing(Vertx vertx, Core core, EventViews views, Delivery delivery) {
    this.vertx = vertx;
    this.core = core;
    this.views = views;
    this.delivery = delivery;
  }

  /** Where a user's log begins and ends. */
  private record Bounds(long head, long oldest) {
    boolean reaches(long since) {
      return since + 1 >= oldest && since <= head;
    }
  }

  private Bounds bounds(long user) {
    EventRepository.Counter counter = core.events().counters(core.db(), List.of(user)).get(user);
    return counter == null ? new Bounds(0, 1) : new Bounds(counter.head(), counter.oldest());
  }

  long head(long user) {
    return bounds(user).head();
  }

  ResumeState resume(long user, Long since) {
    Bounds bounds = bounds(user);
    String resume = "reset";
    if (since == null || since == bounds.head()) {
      resume = "live";
    } else if (bounds.reaches(since) && bounds.head() - since <= MOST_REPLAYED) {
      resume = "replay";
    }
    long unread = core.conversations().unread(core.db(), user).total();
    return new ResumeState(bounds.head(), bounds.oldest(), resume, unread);
  }

  EventsPage events(Caller caller, long since, int limit) {
    Bounds bounds = bounds(caller.userId());
    List<EventRow> rows =
        bounds.reaches(since)
            ? core.events().after(core.db(), caller.userId(), since, limit)
            : List.of();
    boolean reaches = bounds.reaches(since) && follows(rows, since);
    if (!reaches) {
      rows = List.of();
    }
    long next = rows.isEmpty() ? since : rows.getLast().seq();
    return EventsPage.builder()
        .events(views.of(caller, rows))
        .nextSinceSeq(reaches ? next : bounds.head())
        .headSeq(Math.max(bounds.head(), next))
        .oldestSeq(bounds.oldest())
        .hasMore(reaches && next < bounds.head())
        .reset(!reaches)
        .build();
  }

  /** False when the log was cut between looking at its bounds and reading it. */
  private static boolean follows(List<EventRow> rows, long since) {
    return rows.isEmpty() || rows.getFirst().seq() == since + 1;
  }

  MessageEvents sync(Caller caller, long since, int limit, int waitSeconds) {
    long user = caller.userId();
    Bounds bounds = bounds(user);
    if (since > bounds.head()) {
      throw Errors.invalid("since_seq", "大于最新的事件序号");
    }
    if (!bounds.reaches(since)) {
      throw Errors.of(
          ErrorCode.SYNC_RESET_REQUIRED, "head_seq", bounds.head(), "oldest_seq", bounds.oldest());
    }
    if (since == bounds.head() && waitSeconds > 0) {
      awaitNews(user, since, Math.min(waitSeconds, MOST_WAIT_SECONDS));
    }
    List<EventRow> rows = core.events().after(core.db(), user, since, limit);
    markDelivered(caller, rows);
    long next = rows.isEmpty() ? since : rows.getLast().seq();
    long head = Math.max(next, head(user));
    return new MessageEvents(views.of(caller, rows), next, head, next < head);
  }

  /** Looks into the log now and then; when too many wait already, not at all. */
  private void awaitNews(long user, long since, int seconds) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return;
    }
    try {
      long looks = TimeUnit.SECONDS.toMillis(seconds) / LOOK_MILLIS;
      for (long look = 0; look < looks && head(user) == since; look++) {
        vertx.timer(LOOK_MILLIS, TimeUnit.MILLISECONDS).await();
      }
    } finally {
      waiting.decrementAndGet();
    }
  }

  private void markDelivered(Caller caller, List<EventRow> rows) {
    List<Long> ids =
        rows.stream()
            .filter(row -> row.draft().type().equals(EventDraft.NEW))
            .map(row -> row.draft().messageId())
            .toList();
    Map<Long, Long> newest = new HashMap<>();
    core.messages().byIds(core.db(), ids).values().stream()
        .filter(message -> message.receiverId() == caller.userId())
        .forEach(message -> newest.merge(message.conversationId(), message.convSeq(), Math::max));
    delivery.mark(caller, newest);
  }

  /**
   * Marks first and moves the cursor then: what dies in between is done again by the next one.
   *
   * @return the device's cursor
   */
  long acknowledge(Caller caller, AcknowledgeCommand command) {
    long user = caller.userId();
    EventRepository.Counter counter = core.events().counters(core.db(), List.of(user)).get(user);
    long seq = counter == null ? 0 : Math.min(command.seq(), counter.head());
    if (counter != null && seq > counter.acked()) {
      delivery.mark(caller, core.events().receivedBetween(core.db(), user, counter.acked(), seq));
    }
    return core.db()
        .tx(tx -> core.events().acknowledge(tx, user, command.deviceId(), seq, core.now()));
  }
}
