/**
 * What things cost and how money is divided, as pure functions in {@code long} fen: sections
 * money_formulas, subscription_lifecycle (periods, proration) and refund_rules of the billing
 * contract. No clock, no database, no floating point. Amounts are rounded half up, once per formula
 * line.
 */
package com.sharestack.billing.pricing;
