package com.sharestack.billing.earnings;

import com.sharestack.contract.TransactionStatus;
import com.sharestack.contract.TransactionType;
import java.time.Instant;

/**
 * Which lines a creator asks for; null = any.
 *
 * @param from processed at or after
 * @param until processed before
 * @param failedSince failed ones are listed from here on
 */
public record LineFilter(
    long creatorId,
    TransactionType type,
    TransactionStatus status,
    Instant from,
    Instant until,
    String settlementId,
    Instant failedSince) {}
