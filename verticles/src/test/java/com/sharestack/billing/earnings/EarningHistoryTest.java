package com.sharestack.billing.earnings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sharestack.billing.ledger.CreatorBalances;
import com.sharestack.billing.ledger.CreatorPart;
import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.ledger.PayoutPostings;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.billing.pricing.Withholding;
import com.sharestack.contract.PaymentPurpose;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random sales, refunds, reversals, settlements and withdrawals of some creators, with repetitions
 * and kills: lines, days and ledger always say the same. To replay one: -Dearnings.seed=…
 */
class EarningHistoryTest {

  private static final int EVENTS = 300;
  private static final int CREATORS = 3;

  private static final class Sold {
    final Sale sale;
    RefundSplit refunded = RefundSplit.NONE;
    boolean settled;

    Sold(Sale sale) {
      this.sale = sale;
    }
  }

  private final long seed = Long.getLong("earnings.seed", new Random().nextInt(1_000_000));
  private final Random random = new Random(seed);
  private final Map<Long, List<Sold>> sales = new HashMap<>();
  private final Map<Long, Long> gross = new HashMap<>();
  private final Map<Long, Long> withheld = new HashMap<>();
  private final Map<Long, Long> withdrawn = new HashMap<>();
  private EarningFixture fixture;
  private int number;

  @BeforeEach
  void start() {
    System.out.println("earnings.seed=" + seed);
    fixture = new EarningFixture("earning_history");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private String id(String prefix) {
    return prefix + "%012d".formatted(++number);
  }

  @Test
  void linesDaysAndLedgerSayTheSame() {
    for (int event = 0; event < EVENTS; event++) {
      long creator = 1 + random.nextInt(CREATORS);
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> sell(creator);
        case 4, 5, 6 -> refund(creator);
        case 7 -> settle(creator);
        case 8 -> withdraw(creator);
        default -> fixture.node.clock().advance(Duration.ofHours(random.nextInt(30)));
      }
      assertCreator(creator);
    }
    for (long creator = 1; creator <= CREATORS; creator++) {
      assertDays(creator);
    }
    assertEquals(
        fixture.number(
            "SELECT SUM(balance_fen) AS n FROM ledger_accounts WHERE code = 'platform_fee_income'"),
        counting("platform_fen"));
    assertEquals(
        fixture.number(
            "SELECT SUM(balance_fen) AS n FROM ledger_accounts WHERE code = 'marketing_expense'"),
        counting("platform_discount_fen"));
  }

  private long counting(String column) {
    return fixture.number(
        "SELECT SUM(%s) AS n FROM earning_lines WHERE kind <> 'sale' OR status = 'completed'"
            .formatted(column));
  }

  private void sell(long creator) {
    RevenueRates rates =
        random.nextBoolean()
            ? RevenueRates.DEFAULT
            : new RevenueRates(random.nextInt(10_001), random.nextInt(10_001));
    long paid = random.nextInt(6) == 0 ? 0 : random.nextLong(1, 30_000);
    long discount = random.nextInt(3) == 0 ? random.nextLong(0, 5_000) : 0;
    Shares shares = Shares.of(paid, discount, rates);
    PaymentPurpose purpose = PaymentPurpose.values()[random.nextInt(5)];
    // one granted order per second at most: its ref is the start of its period
    fixture.node.clock().advance(Duration.ofSeconds(1));
    String ref = paid > 0 ? id("pay_") : EarningFixture.grantedRef(fixture.now());
    Sale sale = fixture.sale(ref, creator, purpose, shares);
    if (random.nextInt(4) == 0) {
      kill(sale);
    }
    fixture.sell(sale);
    if (random.nextInt(4) == 0) {
      fixture.sell(sale);
    }
    if (shares.baseFen() > 0) {
      sales.computeIfAbsent(creator, c -> new ArrayList<>()).add(new Sold(sale));
    }
  }

  private void kill(Sale sale) {
    assertThrows(
        IllegalStateException.class,
        () ->
            fixture.tx(
                tx -> {
                  fixture.lines.sale(tx, sale);
                  throw new IllegalStateException("killed before commit");
                }));
  }

  private void refund(long creator) {
    List<Sold> left =
        sales.getOrDefault(creator, List.of()).stream()
            .filter(sold -> sold.refunded.refundFen() < sold.sale.shares().paidFen())
            .toList();
    if (left.isEmpty()) {
      return;
    }
    Sold sold = left.get(random.nextInt(left.size()));
    long rest = sold.sale.shares().paidFen() - sold.refunded.refundFen();
    RefundSplit split =
        RefundSplit.of(
            sold.sale.shares(),
            sold.refunded,
            random.nextBoolean() ? rest : random.nextLong(1, rest + 1));
    CreatorBalances now = fixture.balances(creator);
    CreatorPart part =
        sold.settled
            ? CreatorPart.settled(split.creatorFen(), now)
            : CreatorPart.unsettled(split.creatorFen());
    String ref = id("rf_");
    Journal approved = fixture.refund(ref, sold.sale, split, part);
    if (random.nextInt(4) == 0) {
      assertEquals(approved.lines(), fixture.refund(ref, sold.sale, split, part).lines());
    }
    if (random.nextInt(4) == 0) {
      undo(creator, ref, approved, now, part);
    } else {
      sold.refunded = sold.refunded.plus(split);
    }
  }

  /** The channel refuses for good; what comes back to the balance pays the open debt first. */
  private void undo(
      long creator, String ref, Journal approved, CreatorBalances before, CreatorPart part) {
    fixture.node.clock().advance(Duration.ofHours(random.nextInt(30)));
    fixture.tx(
        tx -> {
          fixture.lines.refundReversed(tx, ref, fixture.now());
          return fixture.ledger.post(
              tx,
              List.of(
                  SalePostings.refundRejectedByChannel(approved, fixture.now()),
                  PayoutPostings.debtRecovered(
                      ref, creator, before.debtFen(), part.availableFen(), fixture.now())));
        });
  }

  private void settle(long creator) {
    long held = 0;
    for (Sold sold : sales.getOrDefault(creator, List.of())) {
      if (!sold.settled) {
        held += sold.sale.shares().creatorShareFen() - sold.refunded.creatorFen();
        sold.settled = true;
      }
    }
    if (held == 0) {
      return;
    }
    long total = gross.merge(creator, held, Long::sum);
    long tax = Withholding.dueFen(total, withheld.getOrDefault(creator, 0L));
    withheld.merge(creator, tax, Long::sum);
    Journal released =
        PayoutPostings.holdReleased(
            id("stl_"), creator, held, tax, fixture.balances(creator).debtFen(), fixture.now());
    fixture.tx(tx -> fixture.ledger.post(tx, released));
  }

  private void withdraw(long creator) {
    long available = fixture.balances(creator).availableFen();
    if (available < 200) {
      return;
    }
    long amount = random.nextLong(200, available + 1);
    String ref = id("wd_");
    List<Journal> journals = new ArrayList<>();
    journals.add(PayoutPostings.withdrawalRequested(ref, creator, amount, fixture.now()));
    int fate = random.nextInt(3);
    if (fate > 0) {
      journals.add(PayoutPostings.withdrawalCompleted(ref, creator, amount, 100, fixture.now()));
      withdrawn.merge(creator, amount, Long::sum);
    }
    if (fate > 1) {
      long debt = fixture.balances(creator).debtFen();
      journals.add(
          PayoutPostings.withdrawalReturned("ret" + ref, creator, amount, 100, fixture.now()));
      journals.add(PayoutPostings.debtRecovered("ret" + ref, creator, debt, amount, fixture.now()));
      withdrawn.merge(creator, -amount, Long::sum);
    }
    fixture.tx(tx -> fixture.ledger.post(tx, journals));
  }

  /** What he earned is what he has, had paid out, and what went to tax. */
  private void assertCreator(long creator) {
    CreatorBalances balances = fixture.balances(creator);
    long tax =
        fixture.node.await(
            () ->
                fixture.accounts.withheldFen(
                    fixture.node.db(), creator, Instant.EPOCH, fixture.now().plusSeconds(60)));
    long out = fixture.node.await(() -> fixture.accounts.withdrawnFen(fixture.node.db(), creator));
    assertEquals(withheld.getOrDefault(creator, 0L), tax, () -> "seed " + seed);
    assertEquals(withdrawn.getOrDefault(creator, 0L), out, () -> "seed " + seed);
    assertEquals(
        fixture.earned(creator),
        balances.pendingFen()
            + balances.availableFen()
            + balances.frozenFen()
            - balances.debtFen()
            + tax
            + out,
        () -> "seed " + seed);
  }

  private void assertDays(long creator) {
    for (var day :
        fixture.node.await(
            () ->
                fixture
                    .node
                    .db()
                    .rows(
                        "SELECT day, sale_count FROM earning_days WHERE creator_id = ?",
                        creator))) {
      EarningPeriods.Span span =
          new EarningPeriods.Span(day.getLocalDate("day"), day.getLocalDate("day"));
      Totals totals = fixture.totals(creator, span);
      String lines =
          " AS n FROM earning_lines WHERE creator_id = ? AND processed_at >= ? AND processed_at < ?"
              + " AND (kind <> 'sale' OR status = 'completed')";
      assertEquals(
          fixture.number(
              "SELECT SUM(creator_share_fen)" + lines, creator, span.from(), span.until()),
          totals.shareFen());
      assertEquals(
          fixture.number(
              "SELECT SUM(paid_fen + platform_discount_fen)" + lines,
              creator,
              span.from(),
              span.until()),
          totals.revenueFen());
      assertEquals(
          fixture.number(
              "SELECT COUNT(*)" + lines + " AND kind = 'sale'", creator, span.from(), span.until()),
          day.getInteger("sale_count").longValue());
    }
  }

  /** The same event from two nodes at once is one line. */
  @Test
  void theSameSaleTwiceAtOnceIsOneLine() throws Exception {
    Sale sale =
        fixture.sale(
            "pay_twice0000001",
            9,
            PaymentPurpose.INITIAL,
            Shares.of(2990, 0, RevenueRates.DEFAULT));
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(() -> fixture.sell(sale));
      }
      int fresh = 0;
      for (var answer : threads.invokeAll(calls)) {
        fresh += answer.get() ? 1 : 0;
      }
      assertEquals(1, fresh);
    }
    assertEquals(2691, fixture.earned(9));
    assertEquals(2691, fixture.balances(9).pendingFen());
  }

  /** Sales and refunds of one creator cross each other; refunds look at his balances first. */
  @Test
  void salesAndRefundsAtOnceAddUp() throws Exception {
    List<Callable<Boolean>> lives = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int thread = i;
      lives.add(
          () -> {
            for (int n = 0; n < 15; n++) {
              String tail = "%06d%06d".formatted(thread, n);
              Sale sale =
                  fixture.sale(
                      "pay_" + tail,
                      9,
                      PaymentPurpose.PURCHASE,
                      Shares.of(1000 + n, 0, RevenueRates.DEFAULT));
              fixture.sell(sale);
              giveBack("rf_" + tail, sale, 500);
            }
            return true;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(lives.size())) {
      for (var life : threads.invokeAll(lives)) {
        assertEquals(true, life.get());
      }
    }
    assertEquals(90, fixture.number("SELECT SUM(sale_count) AS n FROM earning_days"));
    assertEquals(90, fixture.number("SELECT SUM(refund_count) AS n FROM earning_days"));
    assertEquals(fixture.earned(9), fixture.balances(9).pendingFen());
  }

  private void giveBack(String ref, Sale sale, long fen) {
    RefundSplit split = RefundSplit.of(sale.shares(), RefundSplit.NONE, fen);
    CreatorPart from = CreatorPart.unsettled(split.creatorFen());
    fixture.tx(
        tx -> {
          Instant now = fixture.now();
          fixture.lines.lockDay(tx, sale.creatorId(), now);
          fixture.ledger.lockBalances(tx, sale.creatorId());
          fixture.lines.refund(tx, ref, sale.ref(), split, from, false, now);
          return fixture.ledger.post(
              tx,
              SalePostings.refundApproved(ref, sale.method(), sale.creatorId(), split, from, now));
        });
  }
}
