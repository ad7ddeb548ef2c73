package com.sharestack.users;

import com.sharestack.contract.Caller;
import java.util.Set;

/** The caller's device, cut to what the columns hold. */
final class Client {

  private static final int DEVICE_ID = 64;
  private static final int DEVICE_NAME = 100;
  private static final int APP_VERSION = 32;
  private static final int USER_AGENT = 500;
  private static final Set<String> PLATFORMS = Set.of("web", "ios", "android");

  private Client() {}

  static String deviceId(Caller caller) {
    return cut(caller.deviceId(), DEVICE_ID);
  }

  static String deviceName(Caller caller) {
    return cut(caller.deviceName(), DEVICE_NAME);
  }

  static String appVersion(Caller caller) {
    return cut(caller.appVersion(), APP_VERSION);
  }

  static String userAgent(Caller caller) {
    return cut(caller.userAgent(), USER_AGENT);
  }

  static String platform(Caller caller) {
    return caller.platform() != null && PLATFORMS.contains(caller.platform())
        ? caller.platform()
        : "other";
  }

  private static String cut(String text, int codePoints) {
    return text == null || text.codePointCount(0, text.length()) <= codePoints
        ? text
        : text.substring(0, text.offsetByCodePoints(0, codePoints));
  }
}
