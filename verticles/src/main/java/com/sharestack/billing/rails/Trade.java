package com.sharestack.billing.rails;

import java.time.Instant;

/**
 * An order as the rail tells it; the caller compares every field with its own row.
 *
 * @param transactionId the rail's number, null while unpaid
 * @param state Alipay's TRADE_CLOSED is CLOSED when the answer shows no payment, else REFUNDED
 * @param rawState the rail's literal
 * @param amountFen of the order; -1 where the rail left it out
 * @param currency CNY, null where the rail left it out
 * @param appId null where the rail does not repeat it (Alipay query)
 * @param merchantId WeChat mchid or Alipay seller_id; null where the rail does not repeat it
 * @param paidAt null while unpaid
 */
public record Trade(
    String outTradeNo,
    String transactionId,
    TradeState state,
    String rawState,
    long amountFen,
    String currency,
    String appId,
    String merchantId,
    Instant paidAt) {}
