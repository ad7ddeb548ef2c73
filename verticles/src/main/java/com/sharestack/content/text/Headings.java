package com.sharestack.content.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;

/**
 * Gives every heading an anchor made of its text (Chinese kept), unique in the document, and lists
 * them. An anchor depends only on headings before it, so the free part and the whole text agree on
 * theirs.
 */
final class Headings {
  static final int MAX_ENTRIES = 1_000;
  private static final int MAX_ANCHOR = 60;
  private static final int MAX_TEXT = 200;

  private final Map<String, Integer> repeats = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  private Headings() {}

  /** Sets the ids in {@code body} and returns the nested table of contents. */
  static List<Toc> anchor(Element body) {
    Headings headings = new Headings();
    List<Toc> flat = new ArrayList<>();
    for (Element heading : body.select("h1, h2, h3, h4, h5, h6")) {
      String text = heading.text().strip();
      String anchor = headings.unique(slug(text));
      heading.attr("id", anchor);
      if (!text.isEmpty() && flat.size() < MAX_ENTRIES) {
        flat.add(
            new Toc(heading.normalName().charAt(1) - '0', head(text, MAX_TEXT), anchor, List.of()));
      }
    }
    return Toc.nest(flat);
  }

  private String unique(String base) {
    int n = repeats.getOrDefault(base, 0);
    String anchor = n == 0 ? base : base + "-" + n;
    while (!taken.add(anchor)) {
      anchor = base + "-" + ++n;
    }
    repeats.put(base, n + 1);
    return anchor;
  }

  private static String slug(String text) {
    StringBuilder slug = new StringBuilder();
    head(text.toLowerCase(Locale.ROOT), MAX_ANCHOR)
        .codePoints()
        .forEach(
            c -> {
              if (Character.isLetterOrDigit(c)) {
                slug.appendCodePoint(c);
              } else if ((Character.isWhitespace(c) || c == '-' || c == '_')
                  && !slug.isEmpty()
                  && slug.charAt(slug.length() - 1) != '-') {
                slug.append('-');
              }
            });
    while (!slug.isEmpty() && slug.charAt(slug.length() - 1) == '-') {
      slug.setLength(slug.length() - 1);
    }
    return slug.isEmpty() ? "section" : slug.toString();
  }

  private static String head(String text, int codePoints) {
    return text.codePointCount(0, text.length()) <= codePoints
        ? text
        : text.substring(0, text.offsetByCodePoints(0, codePoints));
  }
}
