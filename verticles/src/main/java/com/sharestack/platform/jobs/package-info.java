/**
 * Long work as rows: queued in the transaction that causes it, claimed under a lease, done step by
 * step, each step committed together with its effect.
 */
package com.sharestack.platform.jobs;
