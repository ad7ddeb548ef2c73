package com.sharestack.gateway.contract;

/**
 * The string formats of the contract: what is accepted, its normal form, and the reason when it is
 * not accepted.
 */
enum StringFormat {
  TEXT(Reasons.BAD_FORMAT),
  /** Never trimmed: a blank at the end is part of the secret. */
  PASSWORD(Reasons.BAD_FORMAT),
  DATE_TIME(Reasons.NOT_DATE_TIME),
  DATE(Reasons.NOT_DATE),
  EMAIL(Reasons.NOT_EMAIL),
  URI(Reasons.NOT_URL),
  /** {@code format: uri} with {@code x-relative: true}. */
  URI_OR_PATH(Reasons.NOT_URL_OR_PATH);

  private final String reason;

  StringFormat(String reason) {
    this.reason = reason;
  }

  String reason() {
    return reason;
  }

  /** The normal form, null when the text does not have this format. */
  String normalise(String text) {
    return switch (this) {
      case TEXT, PASSWORD -> text;
      case DATE_TIME -> Rfc3339.dateTime(text);
      case DATE -> Rfc3339.date(text);
      case EMAIL -> EmailAddress.isValid(text) ? text : null;
      case URI -> WebAddress.isAbsolute(text) ? text : null;
      case URI_OR_PATH -> WebAddress.isAbsolute(text) || WebAddress.isSitePath(text) ? text : null;
    };
  }
}
