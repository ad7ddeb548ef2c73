package com.sharestack.billing.payments;

import com.sharestack.billing.rails.Product;
import com.sharestack.contract.PaymentMethod;

/**
 * How the payer wants to pay.
 *
 * @param returnUrl null = none
 * @param openid JSAPI only, else null
 * @param payerIp of the connection
 */
public record Choice(
    PaymentMethod method, Product product, String returnUrl, String openid, String payerIp) {}
