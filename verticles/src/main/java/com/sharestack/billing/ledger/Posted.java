package com.sharestack.billing.ledger;

/**
 * What became of a journal.
 *
 * @param journalId of the row that stands for the event
 * @param repeated true when the event had been posted before: nothing was written
 */
public record Posted(long journalId, boolean repeated) {}
