package com.sharestack.social;

import com.sharestack.platform.db.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Writes the event logs of users. */
final class EventLog {

  /** Events a user's log holds at most. */
  static final int MOST_HELD = 10_000;

  /** Old events leave in portions, so that not every write deletes one. */
  private static final int TRIM = 500;

  private final EventRepository rows;
  private final TokenBucket bucket;

  EventLog(EventRepository rows, TokenBucket bucket) {
    this.rows = rows;
    this.bucket = bucket;
  }

  /** Locks the logs of these users, lower id first, until the end of the transaction. */
  Writer open(Tx tx, Instant now, long... users) {
    List<Long> sorted = LongStream.of(users).sorted().distinct().boxed().toList();
    Writer writer = new Writer(tx, now);
    rows.lock(tx, sorted, bucket.full(now))
        .forEach(counter -> writer.counters.put(counter.userId(), counter));
    return writer;
  }

  /** The logs one transaction writes; {@link #flush} is its last act. */
  final class Writer {

    private final Tx tx;
    private final Instant now;
    private final Map<Long, EventRepository.Counter> counters = new TreeMap<>();
    private final List<EventRow> added = new ArrayList<>();

    private Writer(Tx tx, Instant now) {
      this.tx = tx;
      this.now = now;
    }

    EventRepository.Counter counter(long user) {
      return counters.get(user);
    }

    /** The number the user's next event gets. */
    long next(long user) {
      return counters.get(user).head() + 1;
    }

    void add(long user, EventDraft draft) {
      EventRepository.Counter before = counters.get(user);
      long seq = before.head() + 1;
      added.add(new EventRow(user, seq, draft, now));
      counters.put(
          user,
          new EventRepository.Counter(user, seq, before.oldest(), before.acked(), before.tokens()));
    }

    /** Notes what is left of the user's messages per minute. */
    void tokens(long user, TokenBucket.State left) {
      EventRepository.Counter before = counters.get(user);
      counters.put(
          user,
          new EventRepository.Counter(user, before.head(), before.oldest(), before.acked(), left));
    }

    /** Notes that older events were deleted. */
    void heldFrom(long user, long oldest) {
      EventRepository.Counter before = counters.get(user);
      counters.put(
          user,
          new EventRepository.Counter(
              user,
              before.head(),
              Math.max(before.oldest(), oldest),
              before.acked(),
              before.tokens()));
    }

    /**
     * Writes everything.
     *
     * @return user -> number of his newest event, of those who got one; to be hinted after commit
     */
    Map<Long, Long> flush() {
      Map<Long, Long> heads = new HashMap<>();
      added.forEach(event -> heads.merge(event.userId(), event.seq(), Math::max));
      counters.replaceAll((user, counter) -> trimmed(counter));
      rows.store(tx, counters.values());
      rows.append(tx, added);
      return heads;
    }

    private EventRepository.Counter trimmed(EventRepository.Counter counter) {
      long held = counter.head() - counter.oldest() + 1;
      if (held <= MOST_HELD + TRIM) {
        return counter;
      }
      long oldest = counter.head() - MOST_HELD + 1;
      rows.deleteBelow(tx, counter.userId(), oldest);
      return new EventRepository.Counter(
          counter.userId(), counter.head(), oldest, counter.acked(), counter.tokens());
    }
  }
}
