package com.sharestack.content;

import com.sharestack.content.text.ArticleText;
import com.sharestack.content.text.FreePart;
import com.sharestack.content.text.PreviewCut;
import com.sharestack.content.text.TextFormat;
import com.sharestack.content.text.TextRenderer;
import com.sharestack.content.text.Toc;
import com.sharestack.content.text.UnrenderableText;
import com.sharestack.contract.ContentFormat;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.TocEntry;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.errors.Errors;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Renders and cuts authored texts. CPU only: call it outside transactions. */
final class Renderer {

  /**
   * Goes up with every change of {@code content.text} that changes what is rendered, cut or
   * indexed; bodies of a lower number are rendered again.
   */
  static final int VERSION = 1;

  private final TextRenderer texts;

  Renderer(Set<String> mediaHosts) {
    this.texts = new TextRenderer(mediaHosts);
  }

  /**
   * Throws {@link UnrenderableText} when the text breaks a limit.
   *
   * @param content source in {@code format}
   */
  Rendering render(
      String content, ContentFormat format, Visibility visibility, ArticleRow.Preview preview) {
    TextFormat textFormat = TextFormat.valueOf(format.name());
    ArticleText whole = texts.render(content, textFormat);
    if (visibility == Visibility.PUBLIC) {
      return rendering(whole, Rendering.Free.NOTHING, whole);
    }
    PreviewCut cut =
        new PreviewCut(
            PreviewCut.Mode.valueOf(preview.mode().toUpperCase(Locale.ROOT)), preview.percent());
    FreePart part = FreePart.of(texts, content, textFormat, cut);
    Rendering.Free free =
        new Rendering.Free(
            part.content(), part.text().html(), toc(part.text().toc()), part.hiddenWords());
    return rendering(whole, free, part.text());
  }

  /** What an author hears about {@link UnrenderableText}: his text is too large or too deep. */
  static RuntimeException refusal(UnrenderableText broken) {
    return broken.reason() == UnrenderableText.Reason.TOO_LARGE
        ? Errors.of(ErrorCode.PAYLOAD_TOO_LARGE, "max_bytes", TextRenderer.MAX_SOURCE_BYTES)
        : Errors.invalid("content", broken.getMessage());
  }

  private static Rendering rendering(ArticleText whole, Rendering.Free free, ArticleText open) {
    return new Rendering(
        whole.html(),
        toc(whole.toc()),
        whole.plain(),
        whole.wordCount(),
        whole.readingMinutes(),
        links(whole.html()),
        free,
        open.excerpt(),
        open.plain());
  }

  private static List<TocEntry> toc(List<Toc> entries) {
    return entries.stream()
        .map(
            entry ->
                new TocEntry(entry.level(), entry.text(), entry.anchor(), toc(entry.children())))
        .toList();
  }

  private static int links(String html) {
    int links = 0;
    for (int at = html.indexOf("<a "); at >= 0; at = html.indexOf("<a ", at + 3)) {
      links++;
    }
    return links;
  }
}
