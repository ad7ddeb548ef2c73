/**
 * The double-entry journal (section ledger of the billing contract).
 *
 * <p>Facts become balanced {@link com.sharestack.billing.ledger.Journal}s in pure functions ({@code
 * SalePostings}, {@code PayoutPostings}, {@code PlatformPostings}); {@code Ledger} writes them,
 * {@code TrialBalances} adds them up, {@code LedgerVerifier} re-adds and re-hashes all of them
 * without the application.
 *
 * <p>Tables: ledger_books, ledger_accounts, ledger_journals, ledger_lines. Amounts are {@code long}
 * fen above zero; the direction carries the sign. Journals are hash-chained per book; all journals
 * of a creator are in one book.
 */
package com.sharestack.billing.ledger;
