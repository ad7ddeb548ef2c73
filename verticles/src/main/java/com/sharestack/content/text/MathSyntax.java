package com.sharestack.content.text;

import java.util.Map;
import java.util.Set;
import org.commonmark.node.Block;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Node;
import org.commonmark.parser.SourceLine;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Scanner;
import org.commonmark.parser.block.AbstractBlockParser;
import org.commonmark.parser.block.AbstractBlockParserFactory;
import org.commonmark.parser.block.BlockContinue;
import org.commonmark.parser.block.BlockStart;
import org.commonmark.parser.block.MatchedBlockParser;
import org.commonmark.parser.block.ParserState;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlWriter;

/**
 * LaTeX between {@code $..$} and {@code $$..$$}: kept literally, dollars included, so that no
 * underscore becomes emphasis; the client typesets what carries the class {@code math}. Prices such
 * as "$5 到 $10" are not formulas: no blank inside the dollars, no digit behind the closing one.
 */
final class MathSyntax {
  private static final int MAX_INLINE_LENGTH = 2_000;

  private MathSyntax() {}

  static final class Inline extends CustomNode {
    final String literal;

    Inline(String literal) {
      this.literal = literal;
    }
  }

  static final class Display extends CustomBlock {
    private final StringBuilder text = new StringBuilder();

    String literal() {
      return text.toString();
    }
  }

  static final class InlineFactory implements InlineContentParserFactory {
    @Override
    public Set<Character> getTriggerCharacters() {
      return Set.of('$');
    }

    @Override
    public InlineContentParser create() {
      return MathSyntax::parseInline;
    }
  }

  private static ParsedInline parseInline(InlineParserState state) {
    Scanner scanner = state.scanner();
    var start = scanner.position();
    int dollars = scanner.matchMultiple('$');
    char first = scanner.peek();
    if (dollars > 2 || first == Scanner.END || dollars == 1 && Character.isWhitespace(first)) {
      return ParsedInline.none();
    }
    char previous = '$';
    for (int length = 0; length < MAX_INLINE_LENGTH; length++) {
      char c = scanner.peek();
      if (c == Scanner.END || c == '\n' && dollars == 1) {
        return ParsedInline.none();
      }
      if (c == '$') {
        int closing = scanner.matchMultiple('$');
        char after = scanner.peek();
        boolean closes =
            closing == dollars
                && (dollars == 2
                    || !Character.isWhitespace(previous) && !(after >= '0' && after <= '9'));
        return closes
            ? ParsedInline.of(
                new Inline(scanner.getSource(start, scanner.position()).getContent()),
                scanner.position())
            : ParsedInline.none();
      }
      scanner.next();
      if (c == '\\' && scanner.hasNext()) {
        c = scanner.peek();
        scanner.next();
      }
      previous = c;
    }
    return ParsedInline.none();
  }

  /**
   * A line that opens with {@code $$} and does not close; ends with a closing {@code $$} or at a
   * blank line.
   */
  static final class BlockFactory extends AbstractBlockParserFactory {
    @Override
    public BlockStart tryStart(ParserState state, MatchedBlockParser matched) {
      CharSequence line = state.getLine().getContent();
      int at = state.getNextNonSpaceIndex();
      boolean opens =
          state.getIndent() < 4
              && line.length() >= at + 2
              && line.charAt(at) == '$'
              && line.charAt(at + 1) == '$';
      if (!opens || line.toString().indexOf('$', at + 2) >= 0) {
        return BlockStart.none();
      }
      return BlockStart.of(new BlockParser()).atIndex(at);
    }
  }

  private static final class BlockParser extends AbstractBlockParser {
    private final Display block = new Display();
    private boolean closed;

    @Override
    public Block getBlock() {
      return block;
    }

    @Override
    public BlockContinue tryContinue(ParserState state) {
      return closed || state.isBlank()
          ? BlockContinue.none()
          : BlockContinue.atIndex(state.getIndex());
    }

    @Override
    public void addLine(SourceLine line) {
      boolean opening = block.text.isEmpty();
      if (!opening) {
        block.text.append('\n');
      }
      block.text.append(line.getContent());
      closed = !opening && line.getContent().toString().stripTrailing().endsWith("$$");
    }
  }

  static final class Renderer implements NodeRenderer {
    private final HtmlWriter html;

    Renderer(HtmlNodeRendererContext context) {
      this.html = context.getWriter();
    }

    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(Inline.class, Display.class);
    }

    @Override
    public void render(Node node) {
      boolean display = node instanceof Display;
      String tag = display ? "div" : "span";
      html.tag(tag, Map.of("class", "math"));
      html.text(node instanceof Display block ? block.literal() : ((Inline) node).literal);
      html.tag("/" + tag);
      if (display) {
        html.line();
      }
    }
  }
}
