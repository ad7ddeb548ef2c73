/**
 * Single articles, bought: the order, its price, what its payment opens and its refund shuts. The
 * access engine of the content domain asks {@code purchases.passes} and keeps no copy.
 *
 * <p>Table: purchases. Events out: none of its own (payments speak for orders); in:
 * content.status.changed ends open orders of what is no longer published. Calls content (sale
 * terms, access engine), never inside a transaction.
 */
package com.sharestack.billing.purchases;
