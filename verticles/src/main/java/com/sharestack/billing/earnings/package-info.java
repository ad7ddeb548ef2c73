/**
 * What creators earned, line by line (entity Transaction), and the sums per day that earnings.get
 * reads. {@link com.sharestack.billing.earnings.EarningLines} is called in the transaction that
 * posts the journal of a sale or refund, before the ledger; the lines' creator shares add up to
 * what the ledger holds for the creator.
 *
 * <p>Tables: earning_lines, earning_days. Amounts are {@code long} fen; those of refunds are below
 * zero in the rows.
 */
package com.sharestack.billing.earnings;
