/**
 * Reconciliation (section reconciliation of the billing contract): the bills of the channels
 * against payments and refunds, and the books against themselves, one Shanghai day at a time, to
 * the fen. A run is a row of reconciliations and a job of type {@code reconciliation} that walks
 * page by page. Tables: reconciliations, reconciliation_differences, channel_bill_lines. Every
 * difference opens a payment ticket; only a success that the channel confirms when asked is taken
 * in by the run itself.
 */
package com.sharestack.billing.reconciliation;
