/** The rules of a payment's life, as data. */
package com.sharestack.billing.payments;
