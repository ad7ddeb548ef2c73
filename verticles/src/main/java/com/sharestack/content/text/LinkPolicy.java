package com.sharestack.content.text;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which URLs an article may carry. Deliberately stricter than a browser's parser: what it would
 * repair (control characters, back slashes, missing slashes) is refused, so both can only agree.
 */
final class LinkPolicy {
  private static final int MAX_LENGTH = 2_048;
  private static final Pattern WEB = Pattern.compile("(?i)https?://[^/?#].*");
  private static final Pattern MAIL = Pattern.compile("(?i)mailto:[^\\s<>\"]+");

  private final Set<String> mediaHosts;

  /**
   * @param mediaHosts authorities ({@code host} or {@code host:port}, lower case) that may serve
   *     audio and video
   */
  LinkPolicy(Set<String> mediaHosts) {
    this.mediaHosts = Set.copyOf(mediaHosts);
  }

  boolean isLink(String url) {
    return isClean(url)
        && (isWeb(url)
            || isSiteRelative(url)
            || url.startsWith("#")
            || MAIL.matcher(url).matches());
  }

  boolean isImage(String url) {
    return isClean(url) && (isWeb(url) || isSiteRelative(url));
  }

  /**
   * Absolute and on one of our media hosts; a relative URL would depend on the front end that shows
   * it.
   */
  boolean isMedia(String url) {
    if (!isClean(url) || !isWeb(url)) {
      return false;
    }
    try {
      String authority = new URI(url).getRawAuthority();
      return authority != null && mediaHosts.contains(authority.toLowerCase(Locale.ROOT));
    } catch (URISyntaxException malformed) {
      return false;
    }
  }

  private static boolean isWeb(String url) {
    return WEB.matcher(url).matches();
  }

  private static boolean isSiteRelative(String url) {
    return url.startsWith("/") && !url.startsWith("//");
  }

  private static boolean isClean(String url) {
    return !url.isEmpty()
        && url.length() <= MAX_LENGTH
        && url.indexOf('\\') < 0
        && url.chars()
            .noneMatch(c -> c <= ' ' || c == 0x7f || Character.isISOControl(c) || isInvisible(c));
  }

  // Direction marks and zero-width characters make a link look like another one.
  private static boolean isInvisible(int c) {
    return Character.getType(c) == Character.FORMAT || c == 0x2028 || c == 0x2029;
  }
}
