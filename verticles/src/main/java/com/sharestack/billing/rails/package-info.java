/**
 * The payment rails: WeChat Pay APIv3 and Alipay's classic gateway behind one interface, {@link
 * com.sharestack.billing.rails.Rail}.
 *
 * <p>Owns the protocols and nothing else: no table, no order, no decision. What matters:
 *
 * <ul>
 *   <li>Every call has a deadline and a breaker, is sent at most once and ends in a {@link
 *       com.sharestack.billing.rails.Reply}: answered, refused, unknown, or not sent. UNKNOWN is
 *       resolved by a query, never by sending again.
 *   <li>An answer counts only when its signature holds and it is about what was asked.
 *   <li>A verified notification proves the sender. Order, amount, app and merchant are handed to
 *       the caller, who compares them before any effect.
 *   <li>Amounts are {@code long} fen; yuan exist only in {@link com.sharestack.billing.rails.Yuan},
 *       at the edge.
 * </ul>
 *
 * <p>Keys come with {@link com.sharestack.billing.rails.RailsConfig} and are never logged.
 */
package com.sharestack.billing.rails;
