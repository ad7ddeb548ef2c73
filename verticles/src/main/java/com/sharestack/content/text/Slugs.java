package com.sharestack.content.text;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names that become part of an address or of an index: custom URLs and tags (contract:
 * articles.create, tags.create).
 */
public final class Slugs {
  public static final int MAX_TAG_LENGTH = 30;
  private static final int MIN_LENGTH = 3;
  private static final int MAX_LENGTH = 100;
  private static final Pattern SLUG = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");

  /** Every literal that stands, in a route of the content contract, where an id or slug could. */
  private static final Set<String> RESERVED =
      Set.of(
          "access",
          "articles",
          "batch",
          "by-url",
          "categories",
          "direct",
          "drafts",
          "exports",
          "feed",
          "folders",
          "following",
          "home",
          "imports",
          "jobs",
          "library",
          "markdown",
          "multipart",
          "permissions",
          "previews",
          "quota",
          "rankings",
          "reading-history",
          "recommendations",
          "scheduled",
          "search",
          "seo",
          "series",
          "sitemap",
          "suggest",
          "suggestions",
          "summary",
          "tags",
          "trash",
          "trending",
          "uploads",
          "users",
          "webhooks");

  private Slugs() {}

  /**
   * Why {@code slug} is no custom URL, in Chinese; empty when it is one. Whether it is taken is
   * another question.
   */
  public static Optional<String> refusal(String slug) {
    if (slug.length() < MIN_LENGTH || slug.length() > MAX_LENGTH) {
      return Optional.of("自定义链接长度须为 " + MIN_LENGTH + "-" + MAX_LENGTH + " 个字符");
    }
    if (!SLUG.matcher(slug).matches()) {
      return Optional.of("自定义链接只能包含小写字母、数字和单个连字符，且不能以连字符开头或结尾");
    }
    if (DIGITS.matcher(slug).matches()) {
      return Optional.of("自定义链接不能全为数字");
    }
    return RESERVED.contains(slug) ? Optional.of("该自定义链接为系统保留词") : Optional.empty();
  }

  /** A tag as shown: NFC, trimmed, inner blanks collapsed to one space. */
  public static String tagName(String raw) {
    return BLANKS.matcher(Normalizer.normalize(raw, Normalizer.Form.NFC)).replaceAll(" ").strip();
  }

  /** What makes two tags the same: the shown name with its case folded. */
  public static String tagKey(String raw) {
    String folded = tagName(raw).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFC);
  }

  /**
   * Why a tag name (as returned by {@link #tagName}) is refused, in Chinese; empty when it is fine.
   */
  public static Optional<String> tagRefusal(String name) {
    int length = name.codePointCount(0, name.length());
    if (length < 1 || length > MAX_TAG_LENGTH) {
      return Optional.of("标签长度须为 1-" + MAX_TAG_LENGTH + " 个字符");
    }
    boolean allowed =
        name.codePoints()
            .allMatch(
                c ->
                    Character.isLetterOrDigit(c)
                        || Character.getType(c) == Character.NON_SPACING_MARK
                        || Character.getType(c) == Character.COMBINING_SPACING_MARK
                        || " .+#_-".indexOf(c) >= 0);
    return allowed ? Optional.empty() : Optional.of("标签只能包含文字、数字、空格和 . + # _ -");
  }
}
