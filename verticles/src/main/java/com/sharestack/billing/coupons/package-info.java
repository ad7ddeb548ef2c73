/**
 * Coupons (entries coupons.* of the billing contract): terms, codes, and the places that orders
 * take. Creator coupons cost the creator, platform coupons the platform.
 *
 * <p>{@link com.sharestack.billing.coupons.Coupons} is called inside the transaction of an order,
 * after the locks of plan, payment and order and before those of the ledger. Tables: coupons,
 * coupon_codes, coupon_users, coupon_uses, coupon_attempts.
 */
package com.sharestack.billing.coupons;
