package com.sharestack.cluster;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What all clients of one run did and were told. Used by all their threads. */
final class History {

  /** Stands in every text, so that a text can be found wherever it appears. */
  private static final Pattern MARK = Pattern.compile("mark-[0-9a-f-]{36}");

  private final long seed;
  private final Map<String, Intent> intents = new ConcurrentHashMap<>();
  private final Map<String, Long> recalls = new ConcurrentHashMap<>();
  private final Map<Edge, List<Block>> blocks = new ConcurrentHashMap<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final AtomicLong longestSilence = new AtomicLong();

  /** From one user to another. */
  record Edge(long from, long to) {}

  /** What an accepted message was told to be. */
  record Accepted(long id, long conversation, long convSeq, String createdAt) {
    static Accepted of(JsonObject told, String idField) {
      return new Accepted(
          told.getLong(idField),
          told.getLong("conversation_id"),
          told.getLong("conv_seq"),
          told.getString("created_at"));
    }
  }

  /** A message somebody wants to send, until it is accepted or refused. */
  static final class Intent {
    final Edge edge;
    final String id;
    final String text;
    final JsonObject body;

    /** By the clock of all; 0 = not tried yet. */
    volatile long firstTriedMillis;

    volatile Accepted accepted;
    volatile String refused;

    /** Whether some answer left open what became of it. */
    volatile boolean unclear;

    Intent(Edge edge, String id, String text, JsonObject body) {
      this.edge = edge;
      this.id = id;
      this.text = text;
      this.body = body;
    }
  }

  /**
   * A block while it surely held: from its answer to the first try to end it, by the clock of all.
   */
  static final class Block {
    volatile long fromMillis = Long.MAX_VALUE;
    volatile long untilMillis = Long.MAX_VALUE;
  }

  History(long seed) {
    this.seed = seed;
  }

  void add(Intent intent) {
    intents.put(intent.id, intent);
  }

  /** Null when nobody ever sent it. */
  Intent intent(String clientMsgId) {
    return intents.get(clientMsgId);
  }

  Collection<Intent> intents() {
    return intents.values();
  }

  /** All answers to one client_msg_id are the same. */
  void accepted(Intent intent, Accepted told, String device) {
    synchronized (intent) {
      if (intent.accepted != null && !intent.accepted.equals(told)) {
        violated(device, "two answers to " + intent.id + ": " + intent.accepted + ", " + told);
      }
      if (intent.accepted == null) {
        count("messages acked");
      }
      intent.accepted = told;
    }
  }

  /** The recall of this text was answered. */
  void recalled(Intent intent) {
    Matcher mark = MARK.matcher(intent.text);
    if (mark.find()) {
      recalls.putIfAbsent(mark.group(), System.nanoTime());
      count("recalls acked");
    }
  }

  /** Reports recalled texts in what was asked for after their recall had been answered. */
  void checkTexts(JsonObject shown, long askedNanos, String device) {
    Matcher mark = MARK.matcher(shown.encode());
    while (mark.find()) {
      Long recalled = recalls.get(mark.group());
      if (recalled != null && recalled < askedNanos) {
        violated(device, "shows a recalled text: " + shown);
      }
    }
  }

  /** Call before a block is tried for the first time. */
  Block blockTried(Edge edge) {
    Block block = new Block();
    blocks
        .computeIfAbsent(edge, fresh -> new java.util.concurrent.CopyOnWriteArrayList<>())
        .add(block);
    return block;
  }

  List<Block> blocks(Edge edge) {
    return blocks.getOrDefault(edge, List.of());
  }

  void count(String what) {
    counts.computeIfAbsent(what, fresh -> new LongAdder()).increment();
  }

  long counted(String what) {
    LongAdder count = counts.get(what);
    return count == null ? 0 : count.sum();
  }

  Map<String, LongAdder> counts() {
    return new TreeMap<>(counts);
  }

  /** Notes how long something stayed unanswered. */
  void silence(String device, String what, long millis, long mostMillis) {
    longestSilence.accumulateAndGet(millis, Math::max);
    if (millis > mostMillis) {
      violated(device, "no answer to " + what + " for " + millis + " ms");
    }
  }

  long longestSilence() {
    return longestSilence.get();
  }

  void violated(String device, String what) {
    violations.add("seed " + seed + ", " + device + ": " + what);
  }

  List<String> violations() {
    return new ArrayList<>(violations);
  }
}
