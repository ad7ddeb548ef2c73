package com.sharestack.billing.payments;

import com.sharestack.billing.IdempotencyKey;
import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.ledger.JournalType;
import com.sharestack.billing.ledger.PostedJournalRepository;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.payments.PaymentTrailRepository.Action;
import com.sharestack.billing.pricing.Price;
import com.sharestack.billing.pricing.RefundSplit;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PaymentFailureCode;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.ids.Ids;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Money at a channel that belongs to no order of ours and goes back to whoever paid it (admin
 * refund_suspense). A payment row of its own carries it, failed from the start like money of
 * another amount, so that its refund is told, asked about and reconciled as all others are. The row
 * takes the transaction: its unique key lets the money go back once.
 */
public final class UnmatchedMoney {

  /** Of the ids of orders that there are not; the payer is unknown, user 0. */
  static final String PREFIX = "unk_";

  private static final String TICKET = "unknown_trade";

  private final PaymentParts parts;
  private final RefundDesk desk;
  private final PostedJournalRepository journals = new PostedJournalRepository();

  public UnmatchedMoney(PaymentCore core) {
    this.parts = core.parts();
    this.desk = core.desk();
  }

  /**
   * What the channel says it holds.
   *
   * @param tradeNo merchant's order number at the channel
   * @param transactionId of the channel
   */
  public record Found(
      PaymentMethod method, String tradeNo, String transactionId, long fen, Instant paidAt) {}

  /**
   * Sends it back; the channel is told after the commit.
   *
   * @return false when a payment has the transaction or the number: it is not unmatched
   * @throws com.sharestack.platform.db.DuplicateKeyException somebody else is at it
   */
  public boolean refund(Tx tx, Caller caller, Found money, String note) {
    Instant now = parts.clock().instant();
    Optional<PaymentRow> known =
        parts
            .payments()
            .byTransaction(tx, money.method(), money.transactionId())
            .or(() -> parts.payments().byTradeNo(tx, money.tradeNo()));
    if (known.isPresent()) {
      return false;
    }
    PaymentRow row = carrier(tx, money, caller, now);
    List<Journal> due = new ArrayList<>();
    Journal received =
        SalePostings.amountMismatch(money.method(), money.transactionId(), money.fen(), now);
    if (journals.find(tx, JournalType.AMOUNT_MISMATCH, received.ref()).isEmpty()) {
      due.add(received); // no notification ever told of it
    }
    due.add(desk.openUnmatched(tx, row, now));
    parts.trail().resolve(tx, TICKET, received.ref(), caller.userId(), note, now);
    parts.ledger().post(tx, due);
    return true;
  }

  private PaymentRow carrier(Tx tx, Found money, Caller caller, Instant now) {
    PaymentMachine.Transition born = PaymentMachine.birth(PaymentEvent.OPENED).orElseThrow();
    PaymentRow draft =
        new PaymentRow(
            0,
            Ids.random("pay_", 12),
            0,
            0,
            new OrderRef(
                PaymentOrderType.ONE_TIME,
                Ids.random(PREFIX, 12),
                PaymentPurpose.PURCHASE,
                null,
                null,
                null),
            new Price(money.fen(), 0, 0, 0),
            Shares.of(money.fen(), 0, RevenueRates.DEFAULT),
            0,
            born.to(),
            null,
            false,
            null,
            new Choice(money.method(), Channels.desktop(money.method()), null, null, null),
            money.tradeNo(),
            null,
            null,
            "未匹配订单的款项",
            null,
            0,
            0,
            RefundSplit.NONE,
            now,
            null,
            now);
    long id = parts.payments().insert(tx, draft, null, new IdempotencyKey(null, null), null);
    parts.payments().storeReceipt(tx, id, money.transactionId(), money.paidAt(), money.fen());
    PaymentRow open = parts.payments().lock(tx, id).orElseThrow();
    PaymentMachine.Transition failed =
        PaymentMachine.next(open.status(), PaymentEvent.PAID_ANOTHER_AMOUNT).orElseThrow();
    parts.payments().move(tx, open, failed, PaymentFailureCode.AMOUNT_MISMATCH, now);
    parts
        .trail()
        .log(
            tx,
            id,
            Action.CREATE,
            null,
            failed.to(),
            null,
            new JsonObject().put("staff", caller.userId()),
            now);
    return parts.payments().lock(tx, id).orElseThrow();
  }
}
