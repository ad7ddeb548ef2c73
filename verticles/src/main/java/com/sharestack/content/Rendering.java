package com.sharestack.content;

import com.sharestack.contract.TocEntry;
import java.util.List;

/**
 * All that is derived from an authored text.
 *
 * @param plain text without markup of the whole
 * @param links in the whole
 * @param free what strangers get; empty for public articles, where all is free
 * @param excerpt the automatic one, of a gated article made from the free part
 * @param searchable plain text that anybody may find the article by
 */
record Rendering(
    String html,
    List<TocEntry> toc,
    String plain,
    int words,
    int minutes,
    int links,
    Free free,
    String excerpt,
    String searchable) {

  /**
   * Stands for a text that cannot be rendered any more: better nothing than what an old one made.
   */
  static final Rendering EMPTY = new Rendering("", List.of(), "", 0, 1, 0, Free.NOTHING, "", "");

  record Free(String content, String html, List<TocEntry> toc, int hiddenWords) {
    static final Free NOTHING = new Free("", "", List.of(), 0);
  }
}
