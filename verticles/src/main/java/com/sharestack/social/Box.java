package com.sharestack.social;

import java.util.Locale;

/** Parts of the list of conversations. */
enum Box {
  INBOX,
  ARCHIVED,
  REQUESTS,
  ALL;

  static Box of(String literal) {
    return valueOf(literal.toUpperCase(Locale.ROOT));
  }

  String literal() {
    return name().toLowerCase(Locale.ROOT);
  }
}
