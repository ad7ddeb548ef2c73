package com.sharestack.billing.payments;

import com.sharestack.billing.pricing.Price;
import com.sharestack.billing.pricing.RefundCase;
import com.sharestack.billing.pricing.RefundPolicy;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;

/** Orders of tests, in a table of their own: what a payment grants stands in the same database. */
final class TestOrders implements OrderKind {

  static final long CREATOR = 7;

  /** What refund requests find. */
  volatile int openedItems;

  static void createTable(Db db) {
    db.update(
        """
        CREATE TABLE test_orders (
          order_id   VARCHAR(16) NOT NULL PRIMARY KEY,
          user_id    BIGINT      NOT NULL,
          amount_fen BIGINT      NOT NULL,
          state      VARCHAR(10) NOT NULL DEFAULT 'waiting',
          grants     INT         NOT NULL DEFAULT 0,
          revokes    INT         NOT NULL DEFAULT 0
        )
        """);
  }

  @Override
  public String prefix() {
    return "pur_";
  }

  @Override
  public void lockBefore(Tx tx, PaymentRow seen) {
    // nothing comes before a payment here
  }

  private static Row lock(Tx tx, String orderId) {
    return tx.row("SELECT * FROM test_orders WHERE order_id = ? FOR UPDATE", orderId)
        .orElseThrow(() -> Errors.of(ErrorCode.NOT_FOUND));
  }

  @Override
  public boolean lockAwaiting(Tx tx, PaymentRow payment) {
    return "waiting".equals(lock(tx, payment.order().id()).getString("state"));
  }

  @Override
  public Instant fulfil(Tx tx, PaymentRow payment, Instant now) {
    tx.update(
        "UPDATE test_orders SET state = 'active', grants = grants + 1 WHERE order_id = ?",
        payment.order().id());
    return null;
  }

  @Override
  public void unpaid(Tx tx, PaymentRow payment, Instant now) {
    // the order waits for another payment
  }

  @Override
  public void replaced(Tx tx, PaymentRow old, String paymentId, Instant now) {
    // the order names no payment
  }

  @Override
  public Charge due(Tx tx, long userId, String orderId, Instant now) {
    Row order = lock(tx, orderId);
    if (order.getLong("user_id") != userId) {
      throw Errors.of(ErrorCode.NOT_FOUND);
    }
    return switch (order.getString("state")) {
      case "waiting" -> charge(orderId, userId, order.getLong("amount_fen"));
      case "active" -> throw Errors.of(ErrorCode.PAYMENT_ALREADY_PAID);
      default -> throw Errors.of(ErrorCode.PAYMENT_EXPIRED);
    };
  }

  static Charge charge(String orderId, long userId, long fen) {
    return new Charge(
        new OrderRef(PaymentOrderType.ONE_TIME, orderId, PaymentPurpose.PURCHASE, null, 11L, null),
        userId,
        CREATOR,
        new Price(fen, 0, 0, 0),
        "测试文章");
  }

  @Override
  public RefundCase refundCase(Tx tx, PaymentRow payment, Instant now) {
    return new RefundCase(
        payment.order().purpose(),
        payment.amountFen(),
        payment.reservedFen(),
        payment.paidAt(),
        false,
        false,
        false,
        openedItems,
        false);
  }

  @Override
  public List<String> refunded(
      Tx tx, PaymentRow payment, boolean full, RefundPolicy.Policy policy, Instant now) {
    if (full) {
      lock(tx, payment.order().id());
      tx.update(
          "UPDATE test_orders SET state = 'refunded', revokes = revokes + 1 WHERE order_id = ?",
          payment.order().id());
    }
    return List.of();
  }

  @Override
  public boolean takenBack(Tx tx, PaymentRow payment, Instant now) {
    lock(tx, payment.order().id());
    return tx.update(
            "UPDATE test_orders SET state = 'active' WHERE order_id = ? AND state = 'refunded'",
            payment.order().id())
        == 1;
  }
}
