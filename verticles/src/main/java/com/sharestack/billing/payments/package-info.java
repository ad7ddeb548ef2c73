/**
 * Payments, refunds, and the notifications of the channels.
 *
 * <p>A payment's row is committed before its channel hears of it. What the channel says, as a
 * notification, as the answer to a query or as the outcome of a close, comes through {@link
 * com.sharestack.billing.payments.Settlement} in one transaction: payment locked, state moved by
 * {@link com.sharestack.billing.payments.PaymentMachine}, order fulfilled, earning line written,
 * journals posted last. Refunds go the same way back through {@link
 * com.sharestack.billing.payments.RefundSettlement}. Orders stand behind {@link
 * com.sharestack.billing.payments.OrderKind}.
 *
 * <p>Background, with the role worker: {@link com.sharestack.billing.payments.NoticeIntake}
 * (notifications whose process died between receipt and effect), {@link
 * com.sharestack.billing.payments.PaymentChecks} (janitor and expiry), {@link
 * com.sharestack.billing.payments.RefundRuns} (tells the channels of refunds, asks about them).
 *
 * <p>Owns tables payments, refunds, channel_notices, channel_refusals, payment_logs,
 * payment_tickets (V007). Events out: payment.created, payment.completed, payment.failed,
 * payment.refunded.
 */
package com.sharestack.billing.payments;
