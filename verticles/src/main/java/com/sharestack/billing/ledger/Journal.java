package com.sharestack.billing.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A journal about to be posted: balanced, or it cannot exist. Empty when every amount came out as
 * zero; an empty one is not written. All amounts are CNY.
 *
 * @param ref what the event is about; (type, ref) is posted once
 * @param occurredAt when it happened, in milliseconds; not part of the journal's identity
 * @param creatorId the creator concerned, who decides the book; 0 for none
 */
public record Journal(
    JournalType type, String ref, Instant occurredAt, long creatorId, List<Line> lines) {

  /** Longest journal; a manual adjustment is the only one that could get near. */
  static final int MAX_LINES = 100;

  private static final Pattern REF = Pattern.compile("[\\x21-\\x7e]{1,80}");

  public Journal {
    occurredAt = occurredAt.truncatedTo(ChronoUnit.MILLIS);
    lines = List.copyOf(lines);
    if (!REF.matcher(ref).matches()) {
      throw new IllegalArgumentException(type + " with ref '" + ref + "'");
    }
    if (lines.size() > MAX_LINES) {
      throw new IllegalArgumentException(type + " with " + lines.size() + " lines");
    }
    long debits = 0;
    long credits = 0;
    for (Line line : lines) {
      debits = Math.addExact(debits, line.side() == Side.D ? line.amountFen() : 0);
      credits = Math.addExact(credits, line.side() == Side.C ? line.amountFen() : 0);
      if (line.account().creatorId() != 0 && line.account().creatorId() != creatorId) {
        throw new IllegalArgumentException(type + " " + ref + " touches two creators");
      }
    }
    if (debits != credits) {
      throw new IllegalArgumentException(
          "%s %s: debits %d, credits %d".formatted(type, ref, debits, credits));
    }
  }

  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The same amounts the other way round, under a type and ref of their own. */
  public Journal reversed(JournalType newType, String newRef, Instant at) {
    List<Line> swapped =
        lines.stream()
            .map(line -> new Line(line.account(), line.side().opposite(), line.amountFen()))
            .toList();
    return new Journal(newType, newRef, at, creatorId, swapped);
  }

  static Draft of(JournalType type, String ref, Instant at) {
    return new Draft(type, ref, at, 0);
  }

  static Draft of(JournalType type, String ref, Instant at, long creatorId) {
    return new Draft(type, ref, at, creatorId);
  }

  /** Collects lines; those of zero are left out. */
  static final class Draft {
    private final JournalType type;
    private final String ref;
    private final Instant at;
    private final long creatorId;
    private final List<Line> lines = new ArrayList<>();

    private Draft(JournalType type, String ref, Instant at, long creatorId) {
      this.type = type;
      this.ref = ref;
      this.at = at;
      this.creatorId = creatorId;
    }

    Draft debit(Account account, long fen) {
      return line(account, Side.D, fen);
    }

    Draft credit(Account account, long fen) {
      return line(account, Side.C, fen);
    }

    /** Debits {@code to} and credits {@code from}; a negative amount goes the other way. */
    Draft move(Account to, Account from, long fen) {
      return fen < 0 ? debit(from, -fen).credit(to, -fen) : debit(to, fen).credit(from, fen);
    }

    private Draft line(Account account, Side side, long fen) {
      if (fen != 0) {
        lines.add(new Line(account, side, fen));
      }
      return this;
    }

    Journal journal() {
      return new Journal(type, ref, at, creatorId, lines);
    }
  }
}
