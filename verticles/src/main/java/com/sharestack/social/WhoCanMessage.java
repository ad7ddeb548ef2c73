package com.sharestack.social;

import java.util.Locale;

/** Setting who_can_message of a recipient. */
enum WhoCanMessage {
  EVERYONE,
  FOLLOWERS,
  FOLLOWED,
  MUTUAL,
  NOBODY;

  static WhoCanMessage of(String literal) {
    return valueOf(literal.toUpperCase(Locale.ROOT));
  }

  boolean admits(boolean senderFollows, boolean recipientFollows) {
    return switch (this) {
      case EVERYONE -> true;
      case FOLLOWERS -> senderFollows;
      case FOLLOWED -> recipientFollows;
      case MUTUAL -> senderFollows && recipientFollows;
      case NOBODY -> false;
    };
  }
}
