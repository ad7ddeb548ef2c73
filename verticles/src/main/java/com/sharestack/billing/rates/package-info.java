/**
 * Exchange rates for display: read from the configured source each hour, kept in table
 * exchange_rates, answered by exchangeRates.get. Nothing here touches an amount of money.
 */
package com.sharestack.billing.rates;
