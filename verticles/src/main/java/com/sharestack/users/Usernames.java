package com.sharestack.users;

import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.ids.Ids;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which usernames nobody may take (auth.register). */
final class Usernames {

  private static final Set<String> RESERVED =
      Set.of("admin", "root", "system", "sharestack", "support", "official", "api");
  private static final Pattern POSSIBLE = Pattern.compile("[a-z0-9_]{1,30}");
  private static final int GENERATED_LENGTH = 8;

  private Usernames() {}

  /**
   * @throws io.vertx.serviceproxy.ServiceException VALIDATION_ERROR for reserved words, names of
   *     deleted accounts, and mobile numbers, which a login would take for a phone
   */
  static void check(String username) {
    String key = username.toLowerCase(Locale.ROOT);
    if (RESERVED.contains(key) || key.startsWith("deleted_")) {
      throw Errors.invalid("username", "该用户名为系统保留，请换一个");
    }
    if (Identifier.isMobile(key)) {
      throw Errors.invalid("username", "用户名不能是手机号");
    }
  }

  /** Whether somebody can have this name at all; the column holds nothing but ASCII. */
  static boolean possible(String key) {
    return POSSIBLE.matcher(key).matches();
  }

  /** For registrations by phone that give none: {@code user_} and 8 base36. */
  static String generate() {
    return Ids.random("user_", GENERATED_LENGTH);
  }
}
