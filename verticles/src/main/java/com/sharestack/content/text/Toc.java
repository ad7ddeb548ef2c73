package com.sharestack.content.text;

import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a table of contents (contract entity TocEntry): level 1-6, plain text, anchor,
 * nested entries.
 */
public record Toc(int level, String text, String anchor, List<Toc> children) {
  public Toc {
    children = List.copyOf(children);
  }

  /**
   * Nests headings given in document order: a heading belongs to the nearest one before it with a
   * smaller level.
   */
  static List<Toc> nest(List<Toc> flat) {
    return nest(flat, 0, flat.size());
  }

  // Recursion is bounded by the six heading levels: every step down starts below a strictly larger
  // level.
  private static List<Toc> nest(List<Toc> flat, int from, int to) {
    List<Toc> nested = new ArrayList<>();
    int at = from;
    while (at < to) {
      Toc head = flat.get(at);
      int end = at + 1;
      while (end < to && flat.get(end).level() > head.level()) {
        end++;
      }
      nested.add(new Toc(head.level(), head.text(), head.anchor(), nest(flat, at + 1, end)));
      at = end;
    }
    return List.copyOf(nested);
  }
}
