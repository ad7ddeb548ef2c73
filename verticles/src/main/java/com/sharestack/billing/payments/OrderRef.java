package com.sharestack.billing.payments;

import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentPurpose;
import java.time.Instant;

/**
 * What a payment pays.
 *
 * @param id public id of the order: sub_, pur_ or tip_
 * @param planId null for what is no plan
 * @param articleId null for what is no content
 * @param periodStart of a renewal, the period it pays; else null
 */
public record OrderRef(
    PaymentOrderType type,
    String id,
    PaymentPurpose purpose,
    Long planId,
    Long articleId,
    Instant periodStart) {}
