package com.sharestack.users;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What somebody typed to say who he is (auth.login): with @ an e-mail address, a mainland mobile
 * number, otherwise a username.
 *
 * @param value normalised: lower case, or E.164 for a phone number
 */
record Identifier(Kind kind, String value) {

  enum Kind {
    EMAIL,
    PHONE,
    USERNAME
  }

  private static final Pattern MOBILE = Pattern.compile("^1[3-9]\\d{9}$");
  private static final String CHINA = "+86";

  static Identifier of(String typed) {
    String text = normal(typed);
    if (text.indexOf('@') >= 0) {
      return new Identifier(Kind.EMAIL, text.toLowerCase(Locale.ROOT));
    }
    return isMobile(text)
        ? new Identifier(Kind.PHONE, e164(text))
        : new Identifier(Kind.USERNAME, text.toLowerCase(Locale.ROOT));
  }

  static boolean isMobile(String text) {
    return MOBILE.matcher(text).matches();
  }

  static String e164(String mobile) {
    return CHINA + mobile;
  }

  /** The key under which an e-mail address is unique: trimmed, NFC, lower case. */
  static String emailKey(String email) {
    return normal(email).toLowerCase(Locale.ROOT);
  }

  static String usernameKey(String username) {
    return username.toLowerCase(Locale.ROOT);
  }

  private static String normal(String typed) {
    return Normalizer.normalize(typed.strip(), Normalizer.Form.NFC);
  }

  @Override
  public String toString() {
    return "Identifier[" + kind + "]";
  }
}
