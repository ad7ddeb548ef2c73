package com.sharestack.content.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** Cuts a sanitised HTML tree to its free share, in place. */
final class HtmlCut {
  private static final Pattern MARKER = Pattern.compile("<!--\\s*(?:paywall|more)\\s*-->");
  private static final Set<String> INLINE =
      Set.of("br", "strong", "em", "u", "s", "del", "sup", "sub", "code", "a", "img", "span");

  private HtmlCut() {}

  /** Start of the first marker comment, or -1. */
  static int marker(String source) {
    Matcher marker = MARKER.matcher(source);
    return marker.find() ? marker.start() : -1;
  }

  static void toShare(Element body, int percent) {
    List<Node> blocks = new ArrayList<>();
    collect(body, blocks);
    List<Integer> weights = blocks.stream().map(HtmlCut::weight).toList();
    long budget = weights.stream().mapToLong(Integer::longValue).sum() * percent / 100;
    long used = 0;
    int kept = 0;
    boolean onlyHeadings = true;
    while (budget > 0 && kept < blocks.size() && used + weights.get(kept) <= budget) {
      Node block = blocks.get(kept);
      used += weights.get(kept++);
      onlyHeadings &= isBlank(block) || block.nodeName().matches("h[1-6]");
    }
    if (kept == blocks.size()) {
      return;
    }
    Node next = blocks.get(kept);
    if (onlyHeadings
        && next.nodeName().equals("p")
        && cutSentences((Element) next, budget - used)) {
      removeFollowing(next, body);
    } else {
      removeFollowing(next, body);
      removeWithEmptyParents(next, body);
    }
  }

  // Editors like to wrap everything in a div: its blocks count, not the wrapper. Depth is bounded
  // by the policy.
  private static void collect(Element parent, List<Node> blocks) {
    for (Node child : parent.childNodes()) {
      if (child instanceof Element div && div.normalName().equals("div") && hasBlocks(div)) {
        collect(div, blocks);
      } else {
        blocks.add(child);
      }
    }
  }

  private static boolean hasBlocks(Element div) {
    return div.children().stream().anyMatch(child -> !INLINE.contains(child.normalName()));
  }

  private static int weight(Node block) {
    if (isBlank(block)) {
      return 0;
    }
    int media = block instanceof Element element ? element.select("img, audio, video").size() : 0;
    return Math.max(1, Words.count(PlainText.of(block)) + MarkdownCut.MEDIA_WEIGHT * media);
  }

  private static boolean isBlank(Node block) {
    return block instanceof TextNode text && text.isBlank();
  }

  /**
   * Keeps the whole sentences within {@code budget} words; false, and nothing changed, when there
   * is none.
   */
  private static boolean cutSentences(Element paragraph, long budget) {
    TextNode last = null;
    int end = 0;
    long used = 0;
    for (Node at : paragraph.childNodes()) {
      if (at instanceof TextNode text) {
        String literal = text.getWholeText();
        long words = used;
        int counted = 0;
        for (int i = 0; i < literal.length() && words <= budget; i++) {
          if (Words.isSentenceEnd(literal.charAt(i))) {
            words += Words.count(literal.substring(counted, i));
            counted = i;
            if (words <= budget) {
              last = text;
              end = i + 1;
            }
          }
        }
      }
      used += weight(at);
      if (used > budget) {
        break;
      }
    }
    if (last == null) {
      return false;
    }
    last.text(last.getWholeText().substring(0, end));
    removeFollowing(last, paragraph);
    return true;
  }

  private static void removeFollowing(Node node, Element root) {
    for (Node at = node; at != root; at = at.parent()) {
      // From the back: removing in front of others would renumber them each time.
      Node parent = at.parent();
      while (parent.childNode(parent.childNodeSize() - 1) != at) {
        parent.childNode(parent.childNodeSize() - 1).remove();
      }
    }
  }

  private static void removeWithEmptyParents(Node node, Element root) {
    Node parent = node.parent();
    node.remove();
    while (parent != root && parent.childNodeSize() == 0) {
      Node empty = parent;
      parent = parent.parent();
      empty.remove();
    }
  }
}
