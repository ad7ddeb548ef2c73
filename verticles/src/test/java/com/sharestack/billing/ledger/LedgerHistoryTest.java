package com.sharestack.billing.ledger;

import static com.sharestack.billing.ledger.LedgerFixture.AT;
import static com.sharestack.billing.ledger.LedgerFixture.inParallel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random histories of sales, refunds, settlements, withdrawals, repetitions and failures. To replay
 * one: -Dledger.seed=…
 */
class LedgerHistoryTest {

  private static final int EVENTS = 600;
  private static final int CREATORS = 5;

  private final long seed = Long.getLong("ledger.seed", new Random().nextInt(1_000_000));
  private LedgerFixture fixture;

  @BeforeEach
  void start() {
    System.out.println("ledger.seed=" + seed);
    fixture = new LedgerFixture("ledger_history");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** What the accounts must hold, reckoned from the journals alone, debits less credits. */
  private static void add(Map<Account, Long> books, List<Journal> journals) {
    for (Journal journal : journals) {
      for (Line line : journal.lines()) {
        books.merge(line.account(), line.debitFen(), Long::sum);
      }
    }
  }

  private static long of(Map<Account, Long> books, AccountCode code, long creatorId) {
    long debit = books.getOrDefault(Account.of(code, creatorId), 0L);
    return code.normalSide() == Side.D ? debit : -debit;
  }

  private static CreatorBalances balances(Map<Account, Long> books, long creatorId) {
    return new CreatorBalances(
        of(books, AccountCode.CREATOR_PENDING, creatorId),
        of(books, AccountCode.CREATOR_AVAILABLE, creatorId),
        of(books, AccountCode.CREATOR_FROZEN, creatorId),
        of(books, AccountCode.CREATOR_RECEIVABLE, creatorId));
  }

  @Test
  void noFenIsEverMadeOrLost() {
    Random random = new Random(seed);
    Map<Account, Long> model = new HashMap<>();
    List<List<Journal>> past = new ArrayList<>();
    Map<Instant, Map<AccountCode, Long>> snapshots = new TreeMap<>();
    List<RandomHistory> creators = new ArrayList<>();
    for (int i = 1; i <= CREATORS; i++) {
      creators.add(new RandomHistory(seed, i));
    }
    for (int event = 0; event < EVENTS; event++) {
      int creator = random.nextInt(CREATORS);
      CreatorBalances now = fixture.balances(creator + 1);
      assertEquals(balances(model, creator + 1), now, () -> "seed " + seed);
      List<Journal> journals = creators.get(creator).next(now);
      if (random.nextInt(10) == 0) {
        abandon(journals);
      }
      assertTrue(fixture.post(journals).stream().noneMatch(Posted::repeated));
      add(model, journals);
      past.add(journals);
      if (random.nextInt(5) == 0) {
        List<Journal> again = past.get(random.nextInt(past.size()));
        assertTrue(fixture.post(again).stream().allMatch(Posted::repeated), () -> "seed " + seed);
      }
      if (random.nextInt(10) == 0) {
        overdraw(creator + 1, event);
      }
      assertEquals(0, fixture.sumOfEverything(), () -> "seed " + seed);
      if (random.nextInt(50) == 0) {
        fixture.node.clock().advance(Duration.ofHours(random.nextInt(1, 40)));
        snapshots.put(fixture.node.clock().instant(), byCode(model));
        fixture.node.clock().advance(Duration.ofMillis(2));
      }
    }
    assertEverythingAgrees(model);
    snapshots.forEach(this::assertBalanceAsOf);
  }

  /** A transaction that fails after posting leaves nothing behind. */
  private void abandon(List<Journal> journals) {
    assertThrows(
        IllegalStateException.class,
        () ->
            fixture.tx(
                tx -> {
                  fixture.ledger.post(tx, journals);
                  throw new IllegalStateException("killed before commit");
                }));
  }

  private void overdraw(long creatorId, int event) {
    long tooMuch = fixture.balances(creatorId).availableFen() + 1;
    Journal withdrawal =
        PayoutPostings.withdrawalRequested("wd_over" + event, creatorId, tooMuch, AT);
    assertThrows(OverdrawnException.class, () -> fixture.post(withdrawal));
  }

  private static Map<AccountCode, Long> byCode(Map<Account, Long> model) {
    Map<AccountCode, Long> totals = new HashMap<>();
    model.forEach(
        (account, debit) ->
            totals.merge(
                account.code(), account.code().normalSide() == Side.D ? debit : -debit, Long::sum));
    return totals;
  }

  private void assertBalanceAsOf(Instant time, Map<AccountCode, Long> expected) {
    TrialBalance balance =
        fixture.node.await(() -> fixture.trialBalances.asOf(fixture.node.db(), time));
    for (TrialBalance.Total total : balance.accounts()) {
      assertEquals(
          expected.getOrDefault(total.code(), 0L),
          total.closingFen(),
          () -> total.code() + " as of " + time + ", seed " + seed);
    }
    assertTrue(balance.balanced());
  }

  private void assertEverythingAgrees(Map<Account, Long> model) {
    assertBalanceAsOf(fixture.node.clock().instant().plusSeconds(1), byCode(model));
    assertEquals(
        List.of(), fixture.node.await(() -> fixture.trialBalances.differences(fixture.node.db())));
    LedgerVerifier.Report report = fixture.verify();
    assertEquals(List.of(), report.findings(), () -> "seed " + seed);
    assertEquals(report.journals(), fixture.number("SELECT SUM(last_seq) AS n FROM ledger_books"));
  }

  /** Each creator's life in a thread of its own, everything posted twice at the same time. */
  @Test
  void parallelLivesAddUpToo() {
    Map<Account, Long> model = new HashMap<>();
    List<Callable<List<Journal>>> lives = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      long creatorId = i * 5L; // some share a book
      lives.add(() -> live(creatorId));
    }
    inParallel(lives).forEach(journals -> add(model, journals));
    for (int i = 1; i <= 8; i++) {
      assertEquals(balances(model, i * 5L), fixture.balances(i * 5L), () -> "seed " + seed);
    }
    assertEquals(0, fixture.sumOfEverything());
    assertEverythingAgrees(model);
  }

  private List<Journal> live(long creatorId) {
    RandomHistory history = new RandomHistory(seed, creatorId);
    List<Journal> all = new ArrayList<>();
    for (int event = 0; event < 80; event++) {
      List<Journal> journals = history.next(fixture.balances(creatorId));
      Callable<List<Posted>> post = () -> fixture.post(journals);
      List<List<Posted>> twice = inParallel(List.of(post, post));
      assertEquals(
          twice.get(0).stream().map(Posted::journalId).toList(),
          twice.get(1).stream().map(Posted::journalId).toList());
      all.addAll(journals);
    }
    return all;
  }
}
