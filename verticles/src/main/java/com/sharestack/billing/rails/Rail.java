package com.sharestack.billing.rails;

import io.vertx.core.Future;
import java.time.LocalDate;
import java.util.Set;

/**
 * One payment rail. Calls never block, end within the configured deadline and never fail: every
 * outcome is a {@link Reply}. Nothing is sent twice. Write the row before the call, outside any
 * transaction.
 */
public interface Rail {

  Channel channel();

  Set<Product> products();

  /**
   * Opens the order. A repeat with the same values answers the same order.
   *
   * @throws IllegalArgumentException when the rail lacks the product
   */
  Future<Reply<Placed>> create(OrderRequest order);

  /** Asks for the order by our number. Alipay knows a NATIVE order only once it was scanned. */
  Future<Reply<Trade>> query(String outTradeNo);

  /**
   * Closes the unpaid order; repeatable. Answered = nobody can pay it any more. Alipay refuses with
   * NOT_FOUND what nobody scanned: such a code still works until it expires.
   */
  Future<Reply<Closed>> close(String outTradeNo);

  /** Answered with PROCESSING means accepted, not done. */
  Future<Reply<Refund>> refund(RefundRequest refund);

  Future<Reply<Refund>> queryRefund(String outTradeNo, String outRefundNo);

  /** The bill of a Beijing day, available the next morning. */
  Future<Reply<BillFile>> bill(LocalDate day);

  /** Checks and reads a notification; pure, about 0.1 ms. */
  Verdict verify(Inbound inbound);

  /** Tells the rail to stop sending. */
  Answer acknowledgement();

  /**
   * Makes the rail send again later.
   *
   * @param status 4xx for what failed the check, 5xx for our own failure
   */
  Answer refusal(int status, String message);

  /** The order is closed at the rail. */
  record Closed(String outTradeNo) {}
}
