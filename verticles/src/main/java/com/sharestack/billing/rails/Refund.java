package com.sharestack.billing.rails;

import java.time.Instant;

/**
 * A refund as the rail tells it.
 *
 * @param refundId the rail's number, null at Alipay
 * @param amountFen of this refund, -1 where the rail left it out
 * @param refundedTotalFen all refunds of the order so far, -1 where the rail left it out (WeChat)
 * @param doneAt null while open
 */
public record Refund(
    String outTradeNo,
    String outRefundNo,
    String refundId,
    RefundState state,
    String rawState,
    long amountFen,
    long refundedTotalFen,
    Instant doneAt) {}
