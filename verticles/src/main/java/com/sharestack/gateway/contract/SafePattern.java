package com.sharestack.gateway.contract;

import java.util.regex.Pattern;

/**
 * A {@code pattern} of the contract. JSON Schema means ECMA regular expressions, unanchored; {@code
 * $} matches at the very end only, where Java would also allow a line end behind it.
 *
 * <p>An event loop must not hang in a pattern that backtracks: the input is short ({@value
 * #MAX_CHARS} characters) and the search may read at most {@value #MAX_READS} characters; when it
 * has, the text does not match.
 */
final class SafePattern {
  static final int MAX_CHARS = 2048;
  static final int MAX_READS = 200_000;

  private final Pattern pattern;

  /**
   * @throws java.util.regex.PatternSyntaxException when it is no pattern
   */
  SafePattern(String source) {
    this.pattern = Pattern.compile(withStrictEnd(source));
  }

  boolean matches(String text) {
    if (text.length() > MAX_CHARS) {
      return false;
    }
    try {
      return pattern.matcher(new Metered(text)).find();
    } catch (OutOfReads e) {
      return false;
    }
  }

  /** Turns every {@code $} that is an anchor into {@code \z}. */
  private static String withStrictEnd(String source) {
    StringBuilder out = new StringBuilder(source.length() + 2);
    boolean inClass = false;
    for (int i = 0; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '\\' && i + 1 < source.length()) {
        out.append(c).append(source.charAt(++i));
        continue;
      }
      inClass = c == '[' || (inClass && c != ']');
      out.append(c == '$' && !inClass ? "\\z" : String.valueOf(c));
    }
    return out.toString();
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }

  /** Counts what the matcher reads: its work is proportional to that. */
  private static final class Metered implements CharSequence {
    private final String text;
    private int reads;

    Metered(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++reads > MAX_READS) {
        throw OutOfReads.INSTANCE;
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Never leaves this class. */
  private static final class OutOfReads extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final OutOfReads INSTANCE = new OutOfReads();

    private OutOfReads() {
      super("pattern read too much", null, false, false);
    }
  }
}
