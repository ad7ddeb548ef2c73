package com.sharestack.billing.earnings;

import com.sharestack.billing.ledger.CreatorAccountRepository;
import com.sharestack.billing.ledger.CreatorBalances;
import com.sharestack.billing.ledger.CreatorPart;
import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.ledger.Ledger;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.platform.db.Tx;
import com.sharestack.testing.TestNode;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Lines and ledger on a database of their own, moved together as settlements do. */
final class EarningFixture implements AutoCloseable {

  static final Instant AT = Instant.parse("2026-11-23T08:00:00Z");

  final TestNode node;
  final Ledger ledger;
  final EarningLines lines;
  final EarningRepository earnings = new EarningRepository();
  final CreatorAccountRepository accounts = new CreatorAccountRepository();

  EarningFixture(String name) {
    node = TestNode.of(name).start();
    node.clock().set(AT);
    ledger = new Ledger(node.clock());
    lines = new EarningLines(node.clock());
  }

  <T> T tx(Function<Tx, T> work) {
    return node.await(() -> node.db().tx(work));
  }

  Instant now() {
    return node.clock().instant();
  }

  Sale sale(String ref, long creatorId, PaymentPurpose purpose, Shares shares) {
    Sale.Item item =
        switch (purpose) {
          case INITIAL, RENEWAL, PLAN_CHANGE -> Sale.Item.plan(71, "会员");
          case PURCHASE -> Sale.Item.article(81, "一篇文章");
          case TIP -> Sale.Item.NONE;
        };
    boolean paid = shares.paidFen() > 0;
    return new Sale(
        ref,
        creatorId,
        42,
        false,
        purpose,
        "sub_000000000001",
        paid ? ref : null,
        item,
        paid ? PaymentMethod.WECHAT : null,
        shares,
        null,
        RevenueRates.DEFAULT,
        now(),
        Periods.holdUntil(now(), null, 7));
  }

  static Shares shares(long paidFen, long discountFen) {
    return Shares.of(paidFen, discountFen, RevenueRates.DEFAULT);
  }

  /** Lines first, journal last, in one transaction. */
  boolean sell(Sale sale) {
    return tx(
        tx -> {
          boolean fresh = lines.sale(tx, sale);
          ledger.post(tx, List.of(journal(sale)));
          return fresh;
        });
  }

  private static Journal journal(Sale sale) {
    return sale.shares().paidFen() > 0
        ? SalePostings.paymentCompleted(
            sale.ref(), sale.method(), sale.creatorId(), sale.shares(), sale.processedAt())
        : SalePostings.orderGranted(
            sale.orderId(),
            sale.processedAt(),
            sale.creatorId(),
            sale.shares(),
            sale.processedAt());
  }

  /** The ref of a sale with nothing to pay. */
  static String grantedRef(Instant periodStart) {
    return "sub_000000000001@" + periodStart.getEpochSecond();
  }

  Journal refund(String refundId, Sale sale, RefundSplit split, CreatorPart from) {
    Journal approved =
        SalePostings.refundApproved(
            refundId, PaymentMethod.WECHAT, sale.creatorId(), split, from, now());
    tx(
        tx -> {
          lines.refund(tx, refundId, sale.ref(), split, from, false, now());
          return ledger.post(tx, List.of(approved));
        });
    return approved;
  }

  CreatorBalances balances(long creatorId) {
    return node.await(() -> accounts.balances(node.db(), creatorId));
  }

  Totals totals(long creatorId, EarningPeriods.Span span) {
    return node.await(() -> earnings.totals(node.db(), creatorId, span));
  }

  long earned(long creatorId) {
    return node.await(() -> earnings.earnedFen(node.db(), creatorId));
  }

  List<LineRow> list(long creatorId) {
    LineFilter all = new LineFilter(creatorId, null, null, null, null, null, Instant.EPOCH);
    return node.await(() -> earnings.page(node.db(), all, 100, 0));
  }

  long number(String sql, Object... args) {
    return node.await(() -> node.db().row(sql, args).orElseThrow().getLong("n"));
  }

  @Override
  public void close() {
    node.close();
  }
}
