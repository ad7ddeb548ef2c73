package com.sharestack.billing.rails;

/**
 * A notification whose signature holds. That proves the sender, nothing else: app, merchant, order
 * and amount are the caller's to compare before any effect.
 *
 * @param id the same over all resends: key of the inbox
 * @param eventType the rail's literal (WeChat event_type, Alipay notify_type/trade_status)
 * @param appId null where the message has none (WeChat refunds)
 * @param merchantId WeChat mchid, Alipay seller_id
 * @param trade of PAYMENT, CLOSED and Alipay's REFUND
 * @param refund of REFUND
 * @param digest SHA-256 (hex) of the business content; equal over honest resends, so the same id
 *     with another digest is an attack
 */
public record Notice(
    String id,
    Kind kind,
    String eventType,
    String appId,
    String merchantId,
    Trade trade,
    Refund refund,
    String digest) {

  public enum Kind {
    PAYMENT,
    REFUND,
    /** The order ended unpaid (Alipay). */
    CLOSED,
    /** Waiting for the payer, agreements, unknown types: store and acknowledge. */
    OTHER
  }
}
