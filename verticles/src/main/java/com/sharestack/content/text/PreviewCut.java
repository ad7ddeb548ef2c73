package com.sharestack.content.text;

/**
 * How much of a locked text is free (contract entity PreviewSettings, its text part).
 *
 * @param percent share of the words, 0-80; used by {@link Mode#PERCENT}, and by {@link Mode#MARKER}
 *     without a marker
 */
public record PreviewCut(Mode mode, int percent) {
  public static final int MAX_PERCENT = 80;
  public static final PreviewCut DEFAULT = new PreviewCut(Mode.PERCENT, 20);

  public enum Mode {
    PERCENT,
    MARKER,
    NONE,
    FULL
  }

  public PreviewCut {
    if (percent < 0 || percent > MAX_PERCENT) {
      throw new IllegalArgumentException("percent must be 0-" + MAX_PERCENT + ": " + percent);
    }
  }
}
