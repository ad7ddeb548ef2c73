package com.sharestack.content;

import com.sharestack.contract.TocEntry;
import java.util.List;

/**
 * The texts of an article as they are served.
 *
 * @param freeContent what those without entitlement get of a gated article; empty for public ones
 */
record Body(
    int version,
    String content,
    String html,
    List<TocEntry> toc,
    String freeContent,
    String freeHtml,
    List<TocEntry> freeToc,
    int hiddenWords,
    int renderer) {

  boolean stale() {
    return renderer < Renderer.VERSION;
  }

  /** The same source, rendered now. */
  Body with(Rendering rendering) {
    Rendering.Free free = rendering.free();
    return new Body(
        version,
        content,
        rendering.html(),
        rendering.toc(),
        free.content(),
        free.html(),
        free.toc(),
        free.hiddenWords(),
        Renderer.VERSION);
  }

  /** Characters kept in memory. */
  long weight() {
    return 1000L + content.length() + html.length() + freeContent.length() + freeHtml.length();
  }
}
