package com.sharestack.billing.rails;

import java.util.regex.Pattern;

/** Yuan as text with up to two decimals, only at the edge to a rail; exact both ways. */
final class Yuan {

  private static final Pattern FORM = Pattern.compile("-?[0-9]{1,14}(\\.[0-9]{1,2})?");

  private Yuan() {}

  static String of(long fen) {
    return java.math.BigDecimal.valueOf(fen, 2).toPlainString();
  }

  /**
   * @throws Wire.Malformed for anything but yuan with at most two decimals
   */
  static long fen(String yuan) {
    if (yuan == null || !FORM.matcher(yuan).matches()) {
      throw new Wire.Malformed("no amount in yuan");
    }
    return new java.math.BigDecimal(yuan).movePointRight(2).longValueExact();
  }
}
