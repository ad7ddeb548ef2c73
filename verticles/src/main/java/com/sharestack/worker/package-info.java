/**
 * Background work: relays outbox events, runs timers. Owns no tables; what it works on is claimed
 * in the tables of the platform and through operations of the domains.
 */
package com.sharestack.worker;
