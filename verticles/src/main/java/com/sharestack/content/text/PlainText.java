package com.sharestack.content.text;

import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** The text of a sanitised tree: blocks and line breaks end a line, cells are parted by a blank. */
final class PlainText implements NodeVisitor {
  private final StringBuilder out = new StringBuilder();
  private int preformatted;

  static String of(Node root) {
    PlainText text = new PlainText();
    NodeTraversor.traverse(text, root);
    return text.out.toString().strip();
  }

  @Override
  public void head(Node node, int depth) {
    if (node instanceof TextNode text) {
      add(
          preformatted > 0
              ? text.getWholeText()
              : text.getWholeText().replaceAll("[ \\t\\r\\n\\f]+", " "));
    } else if (node instanceof Element element) {
      preformatted += element.normalName().equals("pre") ? 1 : 0;
      edge(element);
    }
  }

  @Override
  public void tail(Node node, int depth) {
    if (node instanceof Element element) {
      preformatted -= element.normalName().equals("pre") ? 1 : 0;
      edge(element);
    }
  }

  private void add(String text) {
    boolean atBlank = out.isEmpty() || Character.isWhitespace(out.charAt(out.length() - 1));
    out.append(preformatted == 0 && atBlank ? text.stripLeading() : text);
  }

  private void edge(Element element) {
    switch (element.normalName()) {
      case "td", "th" -> end(' ');
      case "span", "strong", "em", "u", "s", "del", "sup", "sub", "code", "a", "img", "source" -> {}
      default -> end('\n');
    }
  }

  private void end(char mark) {
    int length = out.length();
    if (length == 0
        || out.charAt(length - 1) == '\n'
        || mark == ' ' && out.charAt(length - 1) == ' ') {
      return;
    }
    if (out.charAt(length - 1) == ' ') {
      out.setLength(length - 1);
    }
    out.append(mark);
  }
}
