package com.sharestack.content.text;

import com.sharestack.content.text.UnrenderableText.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Element;

/**
 * Renders authored text to sanitised HTML (content contract, convention "Text"). Thread-safe; CPU
 * only.
 *
 * <p>Throws {@link UnrenderableText} for text over 1 MiB UTF-8, nested too deep or too costly to
 * parse.
 */
public final class TextRenderer {
  public static final int MAX_SOURCE_BYTES = 1 << 20;

  private final HtmlPolicy policy;

  /**
   * @param mediaHosts authorities ({@code host} or {@code host:port}, lower case) that may serve
   *     audio and video
   */
  public TextRenderer(Set<String> mediaHosts) {
    this.policy = new HtmlPolicy(new LinkPolicy(mediaHosts));
  }

  public ArticleText render(String source, TextFormat format) {
    return finish(clean(source, format));
  }

  /** The sanitised tree, before anchors are given. */
  Element clean(String source, TextFormat format) {
    requireSize(source);
    return policy.clean(
        format == TextFormat.MARKDOWN ? Markdown.html(Markdown.parse(source)) : source);
  }

  static ArticleText finish(Element body) {
    List<Toc> toc = Headings.anchor(body);
    String plain = PlainText.of(body);
    int words = Words.count(plain);
    return new ArticleText(body.html(), toc, plain, words, Words.readingMinutes(words));
  }

  static void requireSize(String source) {
    if (source.length() > MAX_SOURCE_BYTES
        || source.getBytes(StandardCharsets.UTF_8).length > MAX_SOURCE_BYTES) {
      throw new UnrenderableText(Reason.TOO_LARGE);
    }
  }
}
