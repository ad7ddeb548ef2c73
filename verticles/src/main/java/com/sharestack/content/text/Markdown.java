package com.sharestack.content.text;

import com.sharestack.content.text.UnrenderableText.Reason;
import java.util.List;
import java.util.function.Supplier;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * CommonMark with tables, strikethrough, task lists, math and visible line breaks (contract:
 * markdown.render). Its HTML is not sanitised: raw HTML of the author passes through to {@link
 * HtmlPolicy}. Thread-safe.
 */
final class Markdown {
  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), StrikethroughExtension.create());
  private static final Parser PARSER =
      builder().includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .softbreak("<br>\n")
          .nodeRendererFactory(MathSyntax.Renderer::new)
          .build();

  private Markdown() {}

  private static Parser.Builder builder() {
    return Parser.builder()
        .extensions(EXTENSIONS)
        .customBlockParserFactory(new MathSyntax.BlockFactory())
        .customInlineContentParserFactory(new MathSyntax.InlineFactory());
  }

  /** The document tree; blocks and inlines carry their source spans. */
  static Node parse(String source) {
    return bounded(
        () -> {
          probe(source);
          Node document = PARSER.parse(source);
          MarkdownGuard.requireShallow(document);
          document.accept(new TaskItems());
          return document;
        });
  }

  // A dry run over the blocks alone; it throws before the real one could become expensive.
  private static void probe(String source) {
    MarkdownGuard.Probe inlines = new MarkdownGuard.Probe();
    Parser.builder()
        .customBlockParserFactory(new MarkdownGuard.Blocks())
        .extensions(EXTENSIONS)
        .customBlockParserFactory(new MathSyntax.BlockFactory())
        .inlineParserFactory(context -> inlines)
        .build()
        .parse(source);
  }

  static String html(Node document) {
    return bounded(
        () -> {
          MarkdownGuard.BoundedHtml out = new MarkdownGuard.BoundedHtml();
          RENDERER.render(document, out);
          return out.toString();
        });
  }

  // The guards above bound our own recursion; the library's regular expressions recurse over a
  // single long line as
  // well. All state of a parse is local, so giving up half-way leaves nothing broken behind.
  private static <T> T bounded(Supplier<T> work) {
    try {
      return work.get();
    } catch (StackOverflowError tooDeep) {
      throw new UnrenderableText(Reason.TOO_DEEP);
    }
  }

  /** Check boxes as characters: form controls are not on the allow-list. */
  private static final class TaskItems extends AbstractVisitor {
    @Override
    public void visit(ListItem item) {
      if (item.getFirstChild() instanceof Paragraph paragraph
          && paragraph.getFirstChild() instanceof Text text) {
        String literal = text.getLiteral();
        if (literal.startsWith("[ ] ")) {
          text.setLiteral("☐ " + literal.substring(4));
        } else if (literal.startsWith("[x] ") || literal.startsWith("[X] ")) {
          text.setLiteral("☑ " + literal.substring(4));
        }
      }
      visitChildren(item);
    }
  }
}
