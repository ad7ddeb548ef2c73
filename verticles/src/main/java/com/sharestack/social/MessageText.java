package com.sharestack.social;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What becomes of a text a user writes (convention "Text fields"), and when two are copies. */
final class MessageText {

  static final int MOST = 2_000;
  static final int PREVIEW = 100;

  /**
   * Shorter texts are small talk: a second "好的" is no copy. The convention knows no such bound; it
   * was written for comments as well.
   */
  static final int SHORTEST_COPY = 6;

  /** From how many characters on the likeness of two texts says anything. */
  static final int SHORTEST_LIKENESS = 10;

  private static final Pattern MARKUP =
      Pattern.compile("<!--.*?-->|</?[A-Za-z][^<>]*>|<[!?][^<>]*>", Pattern.DOTALL);
  private static final Pattern ENTITY =
      Pattern.compile("&(?:#(\\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos|nbsp));");
  private static final Map<String, String> NAMED =
      Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'", "nbsp", "\u00a0");

  private MessageText() {}

  /** NFC, without control characters and tags, entities decoded once, trimmed; may be empty. */
  static String clean(String written) {
    String composed = withoutControls(Normalizer.normalize(written, Normalizer.Form.NFC));
    String decoded = decoded(MARKUP.matcher(composed).replaceAll(""));
    return withoutControls(decoded).strip();
  }

  private static String withoutControls(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> c == '\n' || Character.getType(c) != Character.CONTROL)
        .filter(c -> Character.getType(c) != Character.SURROGATE)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static String decoded(String text) {
    return ENTITY.matcher(text).replaceAll(MessageText::character);
  }

  private static String character(java.util.regex.MatchResult entity) {
    String plain = entity.group();
    if (entity.group(3) != null) {
      plain = NAMED.get(entity.group(3));
    } else {
      int code =
          entity.group(1) != null
              ? Integer.parseInt(entity.group(1))
              : Integer.parseInt(entity.group(2), 16);
      if (Character.isValidCodePoint(code)) {
        plain = Character.toString(code);
      }
    }
    return Matcher.quoteReplacement(plain);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The beginning, on one line. */
  static String preview(String text) {
    String line = text.replaceAll("\\s+", " ");
    return length(line) <= PREVIEW
        ? line
        : line.substring(0, line.offsetByCodePoints(0, PREVIEW - 1)) + "…";
  }

  /** The text without what spelling tricks change: width, case, blanks, punctuation. */
  static String normal(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(Character::isLetterOrDigit)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  /** Whether texts of these normal forms are the same but for a few words: shared trigrams. */
  static boolean alike(String normal, String other) {
    Set<String> own = trigrams(normal);
    Set<String> others = trigrams(other);
    long shared = own.stream().filter(others::contains).count();
    long all = own.size() + others.size() - shared;
    return all > 0 && shared * 10 >= all * 9;
  }

  private static Set<String> trigrams(String text) {
    int[] points = text.codePoints().toArray();
    Set<String> found = new HashSet<>();
    for (int i = 0; i + 3 <= points.length; i++) {
      found.add(new String(points, i, 3));
    }
    return found;
  }
}
