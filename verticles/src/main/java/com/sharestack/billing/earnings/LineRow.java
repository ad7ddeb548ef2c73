package com.sharestack.billing.earnings;

import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.TransactionStatus;
import com.sharestack.contract.TransactionType;
import java.time.Instant;

/**
 * An earning line as listed; amounts of refunds are below zero.
 *
 * @param payerId null for anonymous and pseudonymised payers
 * @param ruleId null for the built-in rule
 * @param platformFeeRate in ten-thousandths
 */
public record LineRow(
    String publicId,
    TransactionType type,
    TransactionStatus status,
    Long payerId,
    String orderId,
    String planName,
    Long articleId,
    String articleTitle,
    PaymentMethod method,
    long paidFen,
    long platformDiscountFen,
    long platformFen,
    long shareFen,
    Long ruleId,
    int platformFeeRate,
    int creatorShareRate,
    Instant processedAt,
    Instant holdUntil,
    String settlementId) {}
