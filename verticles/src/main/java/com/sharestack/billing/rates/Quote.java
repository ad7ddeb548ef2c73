package com.sharestack.billing.rates;

import com.sharestack.contract.DisplayCurrency;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * What a source says about a currency other than CNY.
 *
 * @param perCny units of it for one CNY, ten decimals
 */
record Quote(DisplayCurrency currency, BigDecimal perCny, Instant asOf) {

  static final int DECIMALS = 10;
}
