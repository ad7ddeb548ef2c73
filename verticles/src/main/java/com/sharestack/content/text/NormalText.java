package com.sharestack.content.text;

import java.text.Normalizer;
import java.util.BitSet;
import java.util.Locale;

/**
 * Text as the moderation rules see it, so that spelling tricks do not matter: compatibility forms
 * (full width), case and accents folded; blanks, invisible characters and ornaments between letters
 * left out. Sentence punctuation stays as one {@code |}: two sentences never make a word together.
 */
final class NormalText {
  private static final String SENTENCE_MARKS = "，。；：！？、,;:!?\n\"“”（）()《》";

  private final StringBuilder text = new StringBuilder();
  // Set where the original had something between this character and the one before.
  private final BitSet breaks = new BitSet();

  private NormalText() {}

  static NormalText of(String original) {
    NormalText normal = new NormalText();
    String folded = Normalizer.normalize(original, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
    boolean broken = true;
    for (int i = 0; i < folded.length(); ) {
      int c = folded.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isLetterOrDigit(c)) {
        broken |= Words.isCjk(c);
        normal.breaks.set(normal.text.length(), broken);
        normal.text.appendCodePoint(c);
        broken = Words.isCjk(c);
      } else if (SENTENCE_MARKS.indexOf(c) >= 0) {
        normal.mark();
        broken = true;
      } else {
        int type = Character.getType(c);
        broken |= type != Character.FORMAT && type != Character.NON_SPACING_MARK;
      }
    }
    normal.breaks.set(normal.text.length());
    return normal;
  }

  private void mark() {
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '|') {
      breaks.set(text.length());
      text.append('|');
    }
  }

  CharSequence text() {
    return text;
  }

  /**
   * Whether the characters from {@code start} to {@code end} (exclusive) are not part of a longer
   * latin word.
   */
  boolean isWholeWord(int start, int end) {
    return breaks.get(start) && breaks.get(end);
  }
}
