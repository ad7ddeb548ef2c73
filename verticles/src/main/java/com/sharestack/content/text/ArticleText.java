package com.sharestack.content.text;

import java.util.List;

/**
 * A rendered text.
 *
 * @param html sanitised HTML, headings with ids
 * @param toc nested headings, at most {@link Headings#MAX_ENTRIES}
 * @param plain text without markup, one line per block
 * @param wordCount CJK characters plus runs of other letters and digits
 * @param readingMinutes at least 1
 */
public record ArticleText(
    String html, List<Toc> toc, String plain, int wordCount, int readingMinutes) {
  static final ArticleText EMPTY = new ArticleText("", List.of(), "", 0, 1);

  public ArticleText {
    toc = List.copyOf(toc);
  }

  /** The automatic excerpt; of a locked article, take it from the free part. */
  public String excerpt() {
    return Words.excerpt(plain);
  }
}
