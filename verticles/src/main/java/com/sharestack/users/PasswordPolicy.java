package com.sharestack.users;

import com.sharestack.platform.errors.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of a new password (users contract, conventions.password_policy). */
final class PasswordPolicy {

  private static final int SHORTEST = 8;
  private static final int LONGEST = 128;
  private static final String WEAK_LIST = "/users/weak-passwords.txt";

  private final Set<String> weak;

  private PasswordPolicy(Set<String> weak) {
    this.weak = weak;
  }

  /** With the bundled list of weak passwords. */
  static PasswordPolicy bundled() {
    try (InputStream in = PasswordPolicy.class.getResourceAsStream(WEAK_LIST)) {
      return new PasswordPolicy(
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("# "))
              .map(PasswordPolicy::lower)
              .collect(Collectors.toUnmodifiableSet()));
    } catch (IOException e) {
      throw new IllegalStateException(WEAK_LIST + " cannot be read", e);
    }
  }

  /**
   * @param username null when it is generated
   * @param email null when there is none
   * @throws io.vertx.serviceproxy.ServiceException VALIDATION_ERROR with details.{@code field}
   */
  void check(String field, String password, String username, String email) {
    int length = password.codePointCount(0, password.length());
    if (length < SHORTEST || length > LONGEST) {
      throw Errors.invalid(field, "密码长度须为 8-128 个字符");
    }
    if (!mixed(password)) {
      throw Errors.invalid(field, "密码须同时包含大写字母、小写字母、数字和特殊字符");
    }
    String lower = lower(password);
    if (lower.equals(lower(username))
        || lower.equals(lower(email))
        || lower.equals(mailbox(email))) {
      throw Errors.invalid(field, "密码不能与用户名或邮箱相同");
    }
    if (weak.contains(lower)) {
      throw Errors.invalid(field, "该密码过于常见，请换一个");
    }
  }

  /** Whether all four classes of characters are there. */
  static boolean mixed(String password) {
    return password.codePoints().anyMatch(Character::isLowerCase)
        && password.codePoints().anyMatch(Character::isUpperCase)
        && password.codePoints().anyMatch(Character::isDigit)
        && password.codePoints().anyMatch(c -> !Character.isLetterOrDigit(c));
  }

  private static String mailbox(String email) {
    return email == null ? null : lower(email.substring(0, email.lastIndexOf('@')));
  }

  private static String lower(String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}
