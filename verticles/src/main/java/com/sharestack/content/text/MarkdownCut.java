package com.sharestack.content.text;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;
import org.jsoup.Jsoup;

/**
 * Finds where the free part of a Markdown source ends; the result is always a prefix of the source.
 */
final class MarkdownCut {
  /**
   * A picture tells no words, yet an article of pictures must not be free: each weighs as much as a
   * short passage.
   */
  static final int MEDIA_WEIGHT = 50;

  private static final Set<String> MARKERS = Set.of("<!-- paywall -->", "<!-- more -->");
  private static final Pattern MEDIA = Pattern.compile("(?i)<(?:img|audio|video)\\b");

  private MarkdownCut() {}

  static String free(String source, PreviewCut cut) {
    Node document = Markdown.parse(source);
    int end = cut.mode() == PreviewCut.Mode.MARKER ? marker(source, document) : -1;
    return source.substring(0, end >= 0 ? end : share(source, document, cut.percent()));
  }

  /** Start of the first marker line outside code, or -1. */
  private static int marker(String source, Node document) {
    CodeRanges code = new CodeRanges();
    document.accept(code);
    int start = 0;
    while (start < source.length()) {
      int end = start;
      while (end < source.length() && source.charAt(end) != '\n' && source.charAt(end) != '\r') {
        end++;
      }
      if (MARKERS.contains(source.substring(start, end).strip()) && !code.covers(start, end)) {
        return start;
      }
      start = end + 1;
    }
    return -1;
  }

  private static int share(String source, Node document, int percent) {
    long total = 0;
    for (Node block = document.getFirstChild(); block != null; block = block.getNext()) {
      total += Weight.of(block);
    }
    long budget = total * percent / 100;
    long used = 0;
    int end = 0;
    boolean onlyHeadings = true;
    Node block = document.getFirstChild();
    for (; block != null && budget > 0; block = block.getNext()) {
      int weight = Weight.of(block);
      if (used + weight > budget) {
        break;
      }
      used += weight;
      end = Math.max(end, end(block, end));
      onlyHeadings &= block instanceof Heading;
    }
    if (onlyHeadings && block instanceof Paragraph paragraph) {
      return Math.max(end, sentences(source, paragraph, budget - used, end));
    }
    return end;
  }

  /**
   * End of the last sentence of {@code paragraph} within {@code budget} words, or {@code none}.
   * Only text directly in the paragraph may be cut, so that no emphasis, link or code span is torn
   * open.
   */
  private static int sentences(String source, Paragraph paragraph, long budget, int none) {
    int end = none;
    long used = 0;
    for (Node at = paragraph.getFirstChild(); at != null; at = at.getNext()) {
      if (at instanceof Text) {
        long words = used;
        for (SourceSpan span : at.getSourceSpans()) {
          int from = span.getInputIndex();
          int to = from + span.getLength();
          for (int i = from; i < to && words <= budget; i++) {
            if (Words.isSentenceEnd(source.charAt(i))) {
              words += Words.count(source.substring(from, i));
              from = i;
              end = words <= budget ? i + 1 : end;
            }
          }
          words += Words.count(source.substring(from, to));
        }
      }
      used += Weight.of(at);
      if (used > budget) {
        return end;
      }
    }
    return end;
  }

  private static int end(Node block, int otherwise) {
    List<SourceSpan> spans = block.getSourceSpans();
    if (spans.isEmpty()) {
      return otherwise;
    }
    SourceSpan last = spans.getLast();
    return last.getInputIndex() + last.getLength();
  }

  /** Words of a block, a fixed weight per picture or player, at least 1. */
  private static final class Weight extends AbstractVisitor {
    private final StringBuilder text = new StringBuilder();
    private int media;

    static int of(Node node) {
      Weight weight = new Weight();
      node.accept(weight);
      return Math.max(1, Words.count(weight.text) + MEDIA_WEIGHT * weight.media);
    }

    @Override
    public void visit(Text node) {
      text.append(node.getLiteral());
    }

    @Override
    public void visit(Code node) {
      text.append(node.getLiteral());
    }

    @Override
    public void visit(FencedCodeBlock node) {
      text.append(node.getLiteral()).append('\n');
    }

    @Override
    public void visit(IndentedCodeBlock node) {
      text.append(node.getLiteral()).append('\n');
    }

    @Override
    public void visit(Image node) {
      media++;
    }

    @Override
    public void visit(HtmlInline node) {
      media += (int) MEDIA.matcher(node.getLiteral()).results().count();
    }

    @Override
    public void visit(HtmlBlock node) {
      media += (int) MEDIA.matcher(node.getLiteral()).results().count();
      text.append(Jsoup.parseBodyFragment(node.getLiteral()).text()).append('\n');
    }

    @Override
    public void visit(Paragraph node) {
      visitChildren(node);
      text.append('\n');
    }

    @Override
    public void visit(org.commonmark.node.SoftLineBreak node) {
      text.append('\n');
    }

    @Override
    public void visit(org.commonmark.node.HardLineBreak node) {
      text.append('\n');
    }

    @Override
    public void visit(org.commonmark.node.CustomNode node) {
      if (node instanceof MathSyntax.Inline math) {
        text.append(math.literal);
      }
      visitChildren(node);
      text.append(node instanceof org.commonmark.ext.gfm.tables.TableCell ? " " : "");
    }

    @Override
    public void visit(org.commonmark.node.CustomBlock node) {
      if (node instanceof MathSyntax.Display math) {
        text.append(math.literal()).append('\n');
      }
      visitChildren(node);
    }
  }

  /** Where a marker is only shown, not meant. */
  private static final class CodeRanges extends AbstractVisitor {
    private final TreeMap<Integer, Integer> endByStart = new TreeMap<>();

    boolean covers(int start, int end) {
      // A span starts behind the indentation or quote marks of its line, so look for the last one
      // before the line end.
      var range = endByStart.lowerEntry(end);
      return range != null && range.getValue() > start;
    }

    @Override
    public void visit(FencedCodeBlock node) {
      add(node);
    }

    @Override
    public void visit(IndentedCodeBlock node) {
      add(node);
    }

    private void add(Node node) {
      for (SourceSpan span : node.getSourceSpans()) {
        endByStart.put(span.getInputIndex(), span.getInputIndex() + span.getLength());
      }
    }
  }
}
