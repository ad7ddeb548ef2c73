package com.sharestack.billing.ledger;

/**
 * What a creator has.
 *
 * @param pendingFen earned, in the hold
 * @param availableFen withdrawable
 * @param frozenFen inside open withdrawals
 * @param debtFen owed to the platform
 */
public record CreatorBalances(long pendingFen, long availableFen, long frozenFen, long debtFen) {}
