package com.sharestack.billing.ledger;

import static com.sharestack.billing.ledger.LedgerFixture.AT;

import com.sharestack.billing.pricing.Fees;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.billing.pricing.Withholding;
import com.sharestack.contract.PaymentMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Invents what happens to a few creators, reproducibly, and remembers what it needs to go on. It
 * knows the rules but not the ledger: balances come from the caller.
 */
public final class RandomHistory {

  private static final class Sale {
    private final String id;
    private final PaymentMethod channel;
    private final Shares shares;
    private RefundSplit refunded = RefundSplit.NONE;
    private boolean settled;

    Sale(String id, PaymentMethod channel, Shares shares) {
      this.id = id;
      this.channel = channel;
      this.shares = shares;
    }
  }

  private record Open(String id, PaymentMethod channel, long fen) {}

  private final Random random;
  private final String prefix;
  private final long creatorId;
  private final List<Sale> sales = new ArrayList<>();
  private final List<Open> refunds = new ArrayList<>();
  private final List<Open> suspense = new ArrayList<>();
  private final List<Open> withdrawals = new ArrayList<>();
  private final List<Open> paidOut = new ArrayList<>();
  private long gross;
  private long withheld;
  private int number;

  public RandomHistory(long seed, long creatorId) {
    this.random = new Random(seed * 31 + creatorId);
    this.prefix = seed + "_" + creatorId + "_";
    this.creatorId = creatorId;
  }

  /** The journals of the next thing that happens, given the creator's balances now. */
  public List<Journal> next(CreatorBalances now) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> sale();
      case 3, 4 -> refund(now);
      case 5 -> refundDone();
      case 6 -> settle(now);
      case 7 -> withdraw(now);
      case 8 -> endWithdrawal(now);
      case 9 -> strangeMoney();
      case 10 -> suspenseRefund();
      default -> List.of(bill());
    };
  }

  private String id(String kind) {
    return kind + prefix + ++number;
  }

  private PaymentMethod channel() {
    return random.nextBoolean() ? PaymentMethod.WECHAT : PaymentMethod.ALIPAY;
  }

  private static <T> T take(List<T> from, Random random) {
    return from.remove(random.nextInt(from.size()));
  }

  private List<Journal> sale() {
    RevenueRates rates =
        random.nextInt(4) > 0
            ? RevenueRates.DEFAULT
            : new RevenueRates(random.nextInt(10_001), random.nextInt(10_001));
    long paid = random.nextInt(8) == 0 ? 0 : random.nextLong(1, 30_000);
    long discount = random.nextInt(3) == 0 ? random.nextLong(0, 5_000) : 0;
    Shares shares = Shares.of(paid, discount, rates);
    Sale sale = new Sale(id("pay_"), channel(), shares);
    sales.add(sale);
    if (paid == 0) {
      return List.of(SalePostings.orderGranted(id("sub_"), AT, creatorId, shares, AT));
    }
    long fee = Fees.channelFen(paid, Fees.CHANNEL_RATE);
    return List.of(
        SalePostings.paymentCompleted(sale.id, sale.channel, creatorId, shares, AT),
        SalePostings.channelFeeAccrued(sale.id, sale.channel, creatorId, fee, AT));
  }

  private List<Journal> refund(CreatorBalances now) {
    List<Sale> left =
        sales.stream().filter(s -> s.refunded.refundFen() < s.shares.paidFen()).toList();
    if (left.isEmpty()) {
      return List.of();
    }
    Sale sale = left.get(random.nextInt(left.size()));
    long rest = sale.shares.paidFen() - sale.refunded.refundFen();
    RefundSplit split =
        RefundSplit.of(
            sale.shares, sale.refunded, random.nextBoolean() ? rest : random.nextLong(1, rest + 1));
    CreatorPart part =
        sale.settled
            ? CreatorPart.settled(split.creatorFen(), now)
            : CreatorPart.unsettled(split.creatorFen());
    String id = id("rf_");
    if (random.nextInt(6) == 0) {
      return List.of(
          SalePostings.chargeback(
              sale.channel, refunded(sale, split, id), creatorId, split, part, AT));
    }
    Journal approved =
        SalePostings.refundApproved(
            refunded(sale, split, id), sale.channel, creatorId, split, part, AT);
    if (random.nextInt(6) == 0) {
      sale.refunded = minus(sale.refunded, split);
      long debt = now.debtFen() + part.debtFen();
      return List.of(
          approved,
          SalePostings.refundRejectedByChannel(approved, AT),
          PayoutPostings.debtRecovered(
              id, creatorId, debt - part.debtFen(), part.availableFen(), AT));
    }
    refunds.add(new Open(id, sale.channel, split.refundFen()));
    return List.of(approved);
  }

  private static String refunded(Sale sale, RefundSplit split, String id) {
    sale.refunded = sale.refunded.plus(split);
    return id;
  }

  private static RefundSplit minus(RefundSplit all, RefundSplit one) {
    return new RefundSplit(
        all.refundFen() - one.refundFen(),
        all.platformDiscountFen() - one.platformDiscountFen(),
        all.platformFen() - one.platformFen(),
        all.creatorFen() - one.creatorFen());
  }

  private List<Journal> refundDone() {
    if (refunds.isEmpty()) {
      return List.of();
    }
    Open done = take(refunds, random);
    return List.of(SalePostings.refundCompleted(done.id, done.channel, creatorId, done.fen, AT));
  }

  private List<Journal> settle(CreatorBalances now) {
    long held = 0;
    for (Sale sale : sales) {
      if (!sale.settled) {
        held += sale.shares.creatorShareFen() - sale.refunded.creatorFen();
        sale.settled = true;
      }
    }
    gross += held;
    long tax = Withholding.dueFen(gross, withheld);
    withheld += tax;
    return List.of(
        PayoutPostings.holdReleased(id("stl_"), creatorId, held, tax, now.debtFen(), AT));
  }

  private List<Journal> withdraw(CreatorBalances now) {
    if (now.availableFen() == 0) {
      return List.of();
    }
    long amount = random.nextLong(1, now.availableFen() + 1);
    Open open = new Open(id("wd_"), null, amount);
    withdrawals.add(open);
    return List.of(PayoutPostings.withdrawalRequested(open.id, creatorId, amount, AT));
  }

  private List<Journal> endWithdrawal(CreatorBalances now) {
    if (!paidOut.isEmpty() && random.nextInt(3) == 0) {
      Open back = take(paidOut, random);
      String id = id("ret_");
      return List.of(
          PayoutPostings.withdrawalReturned(id, creatorId, back.fen, fee(back), AT),
          PayoutPostings.debtRecovered(id, creatorId, now.debtFen(), back.fen, AT));
    }
    if (withdrawals.isEmpty()) {
      return List.of();
    }
    Open open = take(withdrawals, random);
    if (random.nextInt(3) == 0) {
      return List.of(
          PayoutPostings.withdrawalReleased(open.id, creatorId, open.fen, AT),
          PayoutPostings.debtRecovered(open.id, creatorId, now.debtFen(), open.fen, AT));
    }
    paidOut.add(open);
    return List.of(
        PayoutPostings.withdrawalCompleted(open.id, creatorId, open.fen, fee(open), AT),
        PayoutPostings.payoutCost(open.id, creatorId, 50, AT));
  }

  private static long fee(Open withdrawal) {
    return Math.min(withdrawal.fen, Fees.withdrawalFen(withdrawal.fen));
  }

  private List<Journal> strangeMoney() {
    PaymentMethod channel = channel();
    long fen = random.nextLong(1, 5_000);
    if (random.nextBoolean()) {
      refunds.add(new Open(id("rf_"), channel, fen));
      return List.of(SalePostings.lateOrDuplicatePayment(channel, id("t"), fen, AT));
    }
    suspense.add(new Open(id("rf_"), channel, fen));
    return List.of(SalePostings.amountMismatch(channel, id("t"), fen, AT));
  }

  private List<Journal> suspenseRefund() {
    if (suspense.isEmpty()) {
      return List.of();
    }
    Open open = take(suspense, random);
    return List.of(
        SalePostings.suspenseRefundApproved(open.id, open.channel, open.fen, AT),
        SalePostings.refundCompleted(open.id, open.channel, 0, open.fen, AT));
  }

  private Journal bill() {
    long fen = random.nextLong(-500, 500);
    return random.nextBoolean()
        ? PlatformPostings.channelFeeAdjusted(channel(), id("line"), fen, AT)
        : PlatformPostings.channelSettled(channel(), id("batch"), fen * 100, AT);
  }
}
