/**
 * Subscription plans, subscriptions and the right to read that they give; coupons, and what
 * creators earn.
 *
 * <p>Tables: plans, plan_price_history, plan_counts, creator_counts, subscriptions,
 * subscription_periods, subscription_changes, subscription_openings, billing_audit,
 * subscription_settings. Events out: subscription.created, activated, renewed, plan_changed,
 * past_due, cancelled, expired, reminder; in: content.status.changed. Calls users (name cards) and
 * content (the access engine), never inside a transaction.
 *
 * <p>Money is {@code long} fen inside and becomes decimal yuan only in the records of the contract.
 */
package com.sharestack.billing;
