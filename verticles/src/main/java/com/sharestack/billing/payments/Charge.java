package com.sharestack.billing.payments;

import com.sharestack.billing.pricing.Price;

/**
 * What an order asks for; the server computed all of it.
 *
 * @param description shown to the payer, 1 to 128 characters
 */
public record Charge(
    OrderRef order, long userId, long creatorId, Price price, String description) {}
