package com.sharestack.content.text;

import com.sharestack.content.text.UnrenderableText.Reason;
import java.util.BitSet;
import org.commonmark.node.Block;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.InlineParser;
import org.commonmark.parser.SourceLines;
import org.commonmark.parser.block.AbstractBlockParserFactory;
import org.commonmark.parser.block.BlockStart;
import org.commonmark.parser.block.MatchedBlockParser;
import org.commonmark.parser.block.ParserState;

/**
 * The limits that keep hostile Markdown from using more than a moment of time or a little stack.
 */
final class MarkdownGuard {
  static final int MAX_BLOCK_DEPTH = 64;
  static final int MAX_TREE_DEPTH = 200;
  static final int MAX_INLINE_BLOCKS = 200_000;
  // Lines of one paragraph that could start another block: those that do not begin with a letter.
  static final int MAX_MARKED_LINES = 5_000;
  static final int MAX_HTML_LENGTH = 8 << 20;
  // The inline parser is quadratic in the worst case: openers times the text it searches for their
  // closers.
  static final long MAX_INLINE_WORK = 500_000_000L;
  private static final BitSet OPENERS = new BitSet();

  static {
    "<`*_~[!&$".chars().forEach(OPENERS::set);
  }

  private MarkdownGuard() {}

  /**
   * Opens no block itself; refuses deep nesting and endless paragraphs as soon as they appear. For
   * one parse.
   */
  static final class Blocks extends AbstractBlockParserFactory {
    private Block paragraph;
    private int lines;

    @Override
    public BlockStart tryStart(ParserState state, MatchedBlockParser matched) {
      Block block = matched.getMatchedBlockParser().getBlock();
      int depth = 0;
      for (Block at = block; at != null; at = at.getParent()) {
        if (++depth > MAX_BLOCK_DEPTH) {
          throw new UnrenderableText(Reason.TOO_DEEP);
        }
      }
      // For each of these lines the list parser copies all lines of the paragraph so far.
      lines = block == paragraph ? lines + 1 : 0;
      paragraph = block instanceof Paragraph ? block : null;
      if (lines > MAX_MARKED_LINES) {
        throw new UnrenderableText(Reason.TOO_COMPLEX);
      }
      return BlockStart.none();
    }
  }

  /**
   * Stands in for the inline parser in a dry run over the blocks and adds up what the real one
   * might cost.
   */
  static final class Probe implements InlineParser {
    private long work;
    private int blocks;

    @Override
    public void parse(SourceLines lines, Node node) {
      String text = lines.getContent();
      long openers = text.chars().filter(OPENERS::get).count();
      work += openers * text.length();
      if (++blocks > MAX_INLINE_BLOCKS || work > MAX_INLINE_WORK) {
        throw new UnrenderableText(Reason.TOO_COMPLEX);
      }
    }
  }

  /** The renderer recurses over the tree, so its depth is checked first, without recursion. */
  static void requireShallow(Node root) {
    int depth = 0;
    Node at = root;
    while (at != null) {
      if (at.getFirstChild() != null) {
        at = at.getFirstChild();
        if (++depth > MAX_TREE_DEPTH) {
          throw new UnrenderableText(Reason.TOO_DEEP);
        }
        continue;
      }
      while (at != root && at.getNext() == null) {
        at = at.getParent();
        depth--;
      }
      at = at == root ? null : at.getNext();
    }
  }

  /**
   * Collects the rendering up to a limit: link references can multiply a short source without end.
   */
  static final class BoundedHtml implements Appendable {
    private final StringBuilder out = new StringBuilder();

    @Override
    public Appendable append(CharSequence text) {
      return append(text, 0, text.length());
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) {
      if (out.length() + (end - start) > MAX_HTML_LENGTH) {
        throw new UnrenderableText(Reason.TOO_COMPLEX);
      }
      out.append(text, start, end);
      return this;
    }

    @Override
    public Appendable append(char c) {
      return append(String.valueOf(c), 0, 1);
    }

    @Override
    public String toString() {
      return out.toString();
    }
  }
}
