package com.sharestack.content.text;

import com.sharestack.content.text.UnrenderableText.Reason;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Document.OutputSettings.Syntax;
import org.jsoup.nodes.Element;
import org.jsoup.safety.Cleaner;
import org.jsoup.safety.Safelist;
import org.jsoup.select.NodeTraversor;

/**
 * The allow-list of the content contract, convention "Text"; everything not named there is dropped.
 * Thread-safe.
 */
final class HtmlPolicy {
  static final int MAX_DEPTH = 256;
  private static final int MAX_PASSES = 4;
  static final int MAX_TAGS = 200_000;
  private static final String[] HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"};
  private static final String[] TAGS =
      ("p br hr strong em u s del sup sub blockquote code pre ul ol li a img figure figcaption "
              + "table thead tbody tr th td div span audio video source")
          .split(" ");
  private static final Pattern CLASS =
      Pattern.compile("language-[A-Za-z0-9_+#.-]{1,30}|highlight|math");
  private static final Pattern PIXELS = Pattern.compile("[1-9][0-9]{0,3}");
  private static final Set<String> PLAYERS = Set.of("audio", "video");

  private static final Cleaner CLEANER = new Cleaner(safelist());

  private final LinkPolicy links;

  HtmlPolicy(LinkPolicy links) {
    this.links = links;
  }

  /**
   * The body of a new document that holds only what is allowed. Its HTML means the same tree to
   * whoever parses it again: markup that a parser rearranges is rearranged here until it is at
   * rest, else refused.
   */
  Element clean(String html) {
    Element body = cleanOnce(html);
    String before = body.html();
    for (int i = 0; i < MAX_PASSES; i++) {
      body = cleanOnce(before);
      String after = body.html();
      if (after.equals(before)) {
        return body;
      }
      before = after;
    }
    throw new UnrenderableText(Reason.TOO_COMPLEX);
  }

  private Element cleanOnce(String html) {
    requireFewTags(html);
    Document dirty = Jsoup.parseBodyFragment(html);
    requireShallow(dirty);
    // URLs are judged below, by one strict function, instead of by the safelist's protocols.
    Document clean = CLEANER.clean(dirty);
    clean.outputSettings().prettyPrint(false).syntax(Syntax.html);
    Element body = clean.body();
    List.copyOf(body.getAllElements()).forEach(this::restrict);
    body.select("audio, video").forEach(HtmlPolicy::dropSilentPlayer);
    return body;
  }

  private static Safelist safelist() {
    Safelist list =
        new Safelist()
            .addTags(HEADINGS)
            .addTags(TAGS)
            .addAttributes("a", "href", "title")
            .addAttributes("img", "src", "alt", "title", "width", "height")
            .addEnforcedAttribute("a", "rel", "nofollow noopener");
    for (String tag : List.of("code", "pre", "div", "span")) {
      list.addAttributes(tag, "class");
    }
    for (String tag : List.of("audio", "video", "source")) {
      list.addAttributes(tag, "src");
    }
    return list;
  }

  private void restrict(Element element) {
    switch (element.normalName()) {
      case "a" -> {
        if (!links.isLink(trim(element, "href"))) {
          element.unwrap();
        }
      }
      case "img" -> {
        keepPixels(element, "width");
        keepPixels(element, "height");
        if (!links.isImage(trim(element, "src"))) {
          element.remove();
        }
      }
      case "audio", "video" -> {
        if (!links.isMedia(trim(element, "src"))) {
          element.removeAttr("src");
        }
      }
      case "source" -> {
        Element parent = element.parent();
        boolean inPlayer = parent != null && PLAYERS.contains(parent.normalName());
        if (!inPlayer || !links.isMedia(trim(element, "src"))) {
          element.remove();
        }
      }
      default -> keepClasses(element);
    }
  }

  private static String trim(Element element, String key) {
    String value = element.attr(key).strip();
    element.attr(key, value);
    return value;
  }

  private static void keepPixels(Element element, String key) {
    if (!PIXELS.matcher(element.attr(key)).matches()) {
      element.removeAttr(key);
    }
  }

  private static void keepClasses(Element element) {
    if (!element.hasAttr("class")) {
      return;
    }
    String kept =
        element.classNames().stream()
            .filter(name -> CLASS.matcher(name).matches())
            .collect(Collectors.joining(" "));
    if (kept.isEmpty()) {
      element.removeAttr("class");
    } else {
      element.attr("class", kept);
    }
  }

  private static void dropSilentPlayer(Element player) {
    if (!player.hasAttr("src") && player.selectFirst("source") == null) {
      player.remove();
    }
  }

  private static void requireFewTags(String html) {
    if (html.length() > MarkdownGuard.MAX_HTML_LENGTH
        || html.chars().filter(c -> c == '<').count() > MAX_TAGS) {
      throw new UnrenderableText(Reason.TOO_COMPLEX);
    }
  }

  private static void requireShallow(Document document) {
    NodeTraversor.traverse(
        (node, depth) -> {
          if (depth > MAX_DEPTH) {
            throw new UnrenderableText(Reason.TOO_DEEP);
          }
        },
        document);
  }
}
