package com.sharestack.content.text;

import org.jsoup.nodes.Element;

/**
 * The free part of a locked text (contract convention "Trial", trial.update).
 *
 * <p>The source is cut, and the cut source is rendered: there is one truth, and whatever follows
 * the cut (link definitions, headings, comments, attributes) was never seen by the renderer.
 * Markdown keeps a prefix of the source. HTML is cut in its sanitised tree, so {@code content} is
 * the sanitised free part, not the author's raw markup.
 *
 * <p>Percent mode ends at the last block that ends within the share. When the blocks that do are
 * headings only, whole sentences of the following paragraph are added up to the share: one long
 * first paragraph would otherwise leave readers nothing to judge by. A paragraph without a sentence
 * end in reach stays hidden.
 *
 * @param content the free source, in the format of the whole
 * @param text the free source, rendered
 * @param hiddenWords words of the whole text that are not shown, never negative
 */
public record FreePart(String content, ArticleText text, int hiddenWords) {

  /** Cuts {@code source}; throws {@link UnrenderableText} as the renderer does. */
  public static FreePart of(
      TextRenderer renderer, String source, TextFormat format, PreviewCut cut) {
    Element whole = renderer.clean(source, format);
    int words = Words.count(PlainText.of(whole));
    return switch (cut.mode()) {
      case NONE -> new FreePart("", ArticleText.EMPTY, words);
      case FULL -> new FreePart(source, TextRenderer.finish(whole), 0);
      case MARKER, PERCENT ->
          format == TextFormat.MARKDOWN
              ? ofMarkdown(renderer, source, cut, words)
              : ofHtml(renderer, source, whole, cut, words);
    };
  }

  private static FreePart ofMarkdown(
      TextRenderer renderer, String source, PreviewCut cut, int words) {
    String free = MarkdownCut.free(source, cut);
    return of(free, renderer.render(free, TextFormat.MARKDOWN), words);
  }

  private static FreePart ofHtml(
      TextRenderer renderer, String source, Element whole, PreviewCut cut, int words) {
    int marker = cut.mode() == PreviewCut.Mode.MARKER ? HtmlCut.marker(source) : -1;
    Element body = whole;
    if (marker >= 0) {
      // Before parsing: a browser moves text behind a marker in a table to the front of that table.
      body = renderer.clean(source.substring(0, marker), TextFormat.HTML);
    } else {
      HtmlCut.toShare(whole, cut.percent());
    }
    String free = body.html();
    return of(free, TextRenderer.finish(body), words);
  }

  private static FreePart of(String content, ArticleText text, int words) {
    return new FreePart(content, text, Math.max(0, words - text.wordCount()));
  }
}
