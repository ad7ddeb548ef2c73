package com.sharestack.billing.ledger;

import com.sharestack.billing.ledger.LedgerRepository.Head;
import com.sharestack.billing.ledger.LedgerRepository.Known;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Writes journals (section ledger of the billing contract): in the transaction of the event, once
 * per (type, ref), balances in the same transaction.
 *
 * <p>Lock order: books ascending, then accounts ascending by id. It holds for one call; therefore a
 * transaction hands all its journals to one {@link #post(Tx, List)}, as its last statements, since
 * the locks last until the commit. A creator's accounts and those a book has for itself are only
 * ever changed under the lock of that book, so {@link #lockBalances} before it breaks no order.
 */
public final class Ledger {

  /** Most journals of one transaction. */
  static final int MAX_JOURNALS = 50;

  private final Clock clock;
  private final LedgerRepository repository = new LedgerRepository();

  public Ledger(Clock clock) {
    this.clock = clock;
  }

  /**
   * Posts one journal; see {@link #post(Tx, List)}.
   *
   * @return empty for an empty journal
   */
  public Optional<Posted> post(Tx tx, Journal journal) {
    return post(tx, List.of(journal)).stream().findFirst();
  }

  /**
   * Posts the journals of a transaction in their order. An event that was posted before changes
   * nothing and answers the first row's id.
   *
   * @param journals at most 50; empty ones are left out, of the answer too
   * @throws LedgerConflictException when an event was posted before with other content
   * @throws OverdrawnException when a guarded balance would fall below zero: the transaction must
   *     end
   */
  public List<Posted> post(Tx tx, List<Journal> journals) {
    List<Journal> due = journals.stream().filter(journal -> !journal.isEmpty()).toList();
    if (due.isEmpty()) {
      return List.of();
    }
    if (due.size() > MAX_JOURNALS) {
      throw new IllegalArgumentException(due.size() + " journals in one transaction");
    }
    SortedSet<Integer> books = new TreeSet<>();
    due.forEach(journal -> books.add(Books.of(journal)));
    Map<Integer, Head> heads = repository.lockHeads(tx, books);
    Map<Journal, Known> known = repository.known(tx, due);
    List<Journal> fresh = due.stream().filter(journal -> !known.containsKey(journal)).toList();
    Map<LedgerRepository.AccountRow, Long> accounts = repository.lockAccounts(tx, fresh);
    List<Posted> posted = new ArrayList<>(due.size());
    for (Journal journal : due) {
      Known first = known.get(journal);
      posted.add(first == null ? write(tx, journal, heads, accounts) : repeated(journal, first));
    }
    return posted;
  }

  /**
   * A creator's balances, which nobody else can change until the transaction ends. Takes the lock
   * of his book: only before {@link #post} of the same creator's journals, and of one creator.
   */
  public CreatorBalances lockBalances(Tx tx, long creatorId) {
    int book = Books.of(creatorId);
    repository.lockHeads(tx, new TreeSet<>(List.of(book)));
    return repository.balances(tx, creatorId, book);
  }

  private Posted write(
      Tx tx,
      Journal journal,
      Map<Integer, Head> heads,
      Map<LedgerRepository.AccountRow, Long> accounts) {
    int book = Books.of(journal);
    Head head = heads.get(book);
    Instant postedAt = later(clock.instant().truncatedTo(ChronoUnit.MILLIS), head.postedAt());
    long seq = head.seq() + 1;
    Head next =
        new Head(seq, LedgerHash.chained(head.hash(), book, seq, postedAt, journal), postedAt);
    long journalId;
    try {
      journalId = repository.insertJournal(tx, journal, book, head, next);
    } catch (DuplicateKeyException taken) {
      // the same event in this call, or for another creator and therefore not behind our lock
      Known first = repository.known(tx, List.of(journal)).get(journal);
      if (first == null) {
        throw taken;
      }
      return repeated(journal, first);
    }
    repository.insertLines(tx, journalId, journal, book, postedAt, accounts);
    repository.addToBalances(tx, journal, book, accounts);
    repository.moveHead(tx, book, next);
    heads.put(book, next);
    return new Posted(journalId, false);
  }

  private static Posted repeated(Journal journal, Known first) {
    if (!Arrays.equals(first.contentHash(), LedgerHash.content(journal))) {
      throw new LedgerConflictException(journal);
    }
    return new Posted(first.journalId(), true);
  }

  /** Clocks of nodes differ by milliseconds; within a book time never goes back. */
  private static Instant later(Instant now, Instant last) {
    return now.isBefore(last) ? last : now;
  }
}
