package com.sharestack.content.text;

import java.lang.Character.UnicodeScript;

/**
 * Counting and shortening plain text, always in code points (contract: word_count, reading_time,
 * excerpt).
 */
public final class Words {
  static final int WORDS_PER_MINUTE = 300;
  static final int EXCERPT_LENGTH = 200;
  private static final int EXCERPT_MIN_SENTENCE = EXCERPT_LENGTH * 70 / 100;
  private static final String SENTENCE_ENDS = "。！？";

  private Words() {}

  /** CJK characters plus runs of other letters and digits. */
  public static int count(CharSequence text) {
    int words = 0;
    boolean inRun = false;
    for (int i = 0; i < text.length(); ) {
      int c = Character.codePointAt(text, i);
      i += Character.charCount(c);
      if (isCjk(c)) {
        words++;
        inRun = false;
      } else if (Character.isLetterOrDigit(c)) {
        words += inRun ? 0 : 1;
        inRun = true;
      } else if (!isMark(c)) {
        inRun = false;
      }
    }
    return words;
  }

  /** Whole minutes to read that many words, at least 1. */
  public static int readingMinutes(int words) {
    return Math.max(1, Math.ceilDiv(words, WORDS_PER_MINUTE));
  }

  /**
   * The automatic excerpt: at most 200 characters, cut after the last 。！？ when that lies beyond 70
   * % of the length, else with an ellipsis as the 201st.
   */
  public static String excerpt(String plain) {
    String text = plain.strip().replaceAll("\\s+", " ");
    if (text.codePointCount(0, text.length()) <= EXCERPT_LENGTH) {
      return text;
    }
    int end = text.offsetByCodePoints(0, EXCERPT_LENGTH);
    int sentence = end;
    while (sentence > 0 && SENTENCE_ENDS.indexOf(text.charAt(sentence - 1)) < 0) {
      sentence--;
    }
    if (text.codePointCount(0, sentence) > EXCERPT_MIN_SENTENCE) {
      return text.substring(0, sentence);
    }
    return text.substring(0, end).stripTrailing() + "…";
  }

  static boolean isSentenceEnd(int c) {
    return SENTENCE_ENDS.indexOf(c) >= 0;
  }

  static boolean isCjk(int c) {
    if (!Character.isLetterOrDigit(c)) {
      return c == '〇';
    }
    UnicodeScript script = UnicodeScript.of(c);
    return script == UnicodeScript.HAN
        || script == UnicodeScript.HIRAGANA
        || script == UnicodeScript.KATAKANA
        || script == UnicodeScript.HANGUL
        || script == UnicodeScript.BOPOMOFO;
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }
}
