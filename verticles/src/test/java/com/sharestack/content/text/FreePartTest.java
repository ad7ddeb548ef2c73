package com.sharestack.content.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.content.text.PreviewCut.Mode;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePartTest {
  private static final TextRenderer RENDERER = new TextRenderer(Set.of("media.example.com"));
  private static final PreviewCut MARKER = new PreviewCut(Mode.MARKER, 20);

  private static FreePart markdown(String source, PreviewCut cut) {
    return FreePart.of(RENDERER, source, TextFormat.MARKDOWN, cut);
  }

  private static FreePart html(String source, PreviewCut cut) {
    return FreePart.of(RENDERER, source, TextFormat.HTML, cut);
  }

  private static PreviewCut percent(int percent) {
    return new PreviewCut(Mode.PERCENT, percent);
  }

  @Test
  void percentKeepsTheBlocksThatEndWithinTheShare() {
    String source = "一二三四五\n\n六七八九十\n\n一二三四五\n\n六七八九十";
    assertEquals("一二三四五\n\n六七八九十", markdown(source, percent(50)).content());
    assertEquals("一二三四五", markdown(source, percent(49)).content());
    assertEquals(10, markdown(source, percent(50)).hiddenWords());
    String html = "<p>一二三四五</p><p>六七八九十</p><p>一二三四五</p><p>六七八九十</p>";
    assertEquals("<p>一二三四五</p><p>六七八九十</p>", html(html, percent(50)).content());
    assertEquals("<p>一二三四五</p>", html(html, percent(49)).text().html());
    assertEquals(15, html(html, percent(49)).hiddenWords());
  }

  @Test
  void noneHidesAllAndFullShowsAll() {
    for (TextFormat format : TextFormat.values()) {
      FreePart none = FreePart.of(RENDERER, "一二三", format, new PreviewCut(Mode.NONE, 20));
      assertEquals(new FreePart("", ArticleText.EMPTY, 3), none);
      FreePart full = FreePart.of(RENDERER, "一二三", format, new PreviewCut(Mode.FULL, 20));
      assertEquals("一二三", full.content());
      assertEquals(0, full.hiddenWords());
      assertEquals("", FreePart.of(RENDERER, "![](/a.png)\n\n一二三", format, percent(0)).content());
    }
  }

  @Test
  void theMarkerCutsWhereItStands() {
    for (String marker : List.of("<!-- more -->", "<!-- paywall -->", "  <!-- paywall -->\t")) {
      FreePart part = markdown("前文\n" + marker + "\n后文\n\n<!-- more -->\n\n再后", MARKER);
      assertEquals("前文\n", part.content());
      assertEquals(4, part.hiddenWords());
    }
    assertEquals("<p>前</p>", html("<p>前</p><!--paywall--><p>后</p>", MARKER).content());
  }

  @Test
  void aMarkerShownAsCodeIsNoMarker() {
    String source =
        "写法：\n\n```\n<!-- more -->\n```\n\n    <!-- more -->\n\n前文\n\n<!-- more -->\n\n后文";
    assertTrue(markdown(source, MARKER).content().endsWith("前文\n\n"));
  }

  @Test
  void withoutAMarkerThePercentCounts() {
    assertEquals("一二", markdown("一二\n\n三四五六七八九十", MARKER).content());
  }

  @Test
  void theTextBehindAMarkerInATableIsNotMovedInFrontOfIt() {
    FreePart part =
        html("<table><tr><td>前</td></tr><!-- more -->秘密<tr><td>后</td></tr></table>", MARKER);
    assertFalse(part.text().html().contains("秘密"), part.text().html());
    assertTrue(part.text().html().contains("前"));
  }

  @Test
  void aGiantParagraphIsCutBehindASentence() {
    String giant = "开头一句。" + "第二句**很重要**。" + "第三句话。".repeat(20);
    FreePart part = markdown("# 标题\n\n" + giant, percent(20));
    assertEquals("# 标题\n\n开头一句。第二句**很重要**。第三句话。", part.content());
    FreePart same =
        html(
            "<h1>标题</h1><p>" + giant.replaceFirst("\\*\\*", "<em>").replace("**", "</em>") + "</p>",
            percent(20));
    assertEquals(part.text().wordCount(), same.text().wordCount());
    assertTrue(same.content().endsWith("<em>很重要</em>。第三句话。</p>"), same.content());
  }

  @Test
  void aGiantParagraphWithoutASentenceEndStaysHidden() {
    assertEquals("", markdown("字".repeat(500), percent(20)).content());
    assertEquals("", html("<p>" + "字".repeat(500) + "</p>", percent(20)).content());
    assertEquals(
        "",
        markdown("**" + "重点。".repeat(500) + "**", percent(20)).content(),
        "emphasis is not torn");
  }

  @Test
  void anArticleOfPicturesIsNotFree() {
    assertEquals(
        "![](/1.png)",
        markdown("![](/1.png)\n\n![](/2.png)\n\n![](/3.png)", percent(40)).content());
    String html =
        "<p><img src=\"/1.png\"></p><p><img src=\"/2.png\"></p><p><img src=\"/3.png\"></p>";
    assertEquals("<p><img src=\"/1.png\"></p>", html(html, percent(40)).content());
  }

  @Test
  void definitionsBehindTheCutDoNotResolve() {
    FreePart part = markdown("看[这里][x]吧\n\n<!-- more -->\n\n[x]: /secret \"secret\"", MARKER);
    assertFalse(part.toString().contains("secret"), part.toString());
  }

  @Test
  void theTocOfTheFreePartIsAPrefixOfTheWhole() {
    String source = "# 同名\n\n一二三四五\n\n## 同名\n\n六七八九十\n\n# 同名\n\n一二三四五六七八九十";
    FreePart part = markdown(source, percent(50));
    Toc first = RENDERER.render(source, TextFormat.MARKDOWN).toc().getFirst();
    assertEquals(List.of(first), part.text().toc());
  }

  @Test
  void aWrapperIsLookedInto() {
    String html = "<div><div class='x'><p>一二三四五</p><p>六七八九十</p></div></div>";
    assertEquals("<div><div><p>一二三四五</p></div></div>", html(html, percent(60)).content());
  }

  @Test
  void nothingBehindACutWrapperSurvives() {
    String html = "<div><div><p>一二三四五</p><p>六七八九十</p></div><p>甲乙</p></div><h2>丙</h2><p>丁戊己庚</p>";
    FreePart part = html(html, percent(40));
    assertEquals("<div><div><p>一二三四五</p></div></div>", part.content());
    assertEquals(List.of(), part.text().toc());
  }

  @Test
  void thePercentageIsBounded() {
    assertThrows(IllegalArgumentException.class, () -> percent(81));
    assertThrows(IllegalArgumentException.class, () -> percent(-1));
  }

  /**
   * Every word of the document is a canary; those that survive must be the first ones, and within
   * the share.
   */
  @Test
  void noCanaryBehindTheCutSurvivesInRandomMarkdown() {
    int cuts = 0;
    for (int seed = 0; seed < 2_500; seed++) {
      RandomText text = new RandomText(seed);
      String source = text.markdown();
      int percent = text.random.nextInt(81);
      Mode mode = text.random.nextInt(3) == 0 ? Mode.MARKER : Mode.PERCENT;
      FreePart part = markdown(source, new PreviewCut(mode, percent));
      String why = "seed " + seed + "\n" + source + "\n=>\n" + part;
      assertTrue(source.startsWith(part.content()), why);
      assertEquals(RENDERER.render(part.content(), TextFormat.MARKDOWN), part.text(), why);
      int marker = source.indexOf("<!-- more -->");
      boolean shownAsCode = part.text().html().contains("&lt;!-- more --&gt;");
      boolean cutAtMarker = mode == Mode.MARKER && marker >= 0 && !shownAsCode;
      int hiddenFrom = cutAtMarker ? marker : part.content().length();
      assertHidden(source, hiddenFrom, part, why);
      cuts += part.content().isEmpty() || part.hiddenWords() == 0 ? 0 : 1;
    }
    assertTrue(cuts > 1_250, "too few documents were really cut: " + cuts);
  }

  @Test
  void noCanaryBehindTheCutSurvivesInRandomHtml() {
    int cuts = 0;
    for (int seed = 0; seed < 2_500; seed++) {
      RandomText text = new RandomText(seed);
      String source = text.html();
      FreePart part = html(source, percent(text.random.nextInt(81)));
      String why = "seed " + seed + "\n" + source + "\n=>\n" + part;
      int firstHidden =
          java.util.stream.IntStream.range(0, text.canaries)
              .mapToObj(RandomText::canary)
              .filter(canary -> !part.content().contains(canary))
              .mapToInt(source::indexOf)
              .filter(at -> at >= 0)
              .min()
              .orElse(source.length());
      assertHidden(source, firstHidden, part, why);
      cuts += part.content().isEmpty() || part.hiddenWords() == 0 ? 0 : 1;
    }
    assertTrue(cuts > 1_250, "too few documents were really cut: " + cuts);
  }

  private static void assertHidden(String source, int from, FreePart part, String why) {
    String shown = part.toString() + part.text().excerpt();
    for (int at = source.indexOf("canary", from); at >= 0; at = source.indexOf("canary", at + 1)) {
      String canary = source.substring(at, at + RandomText.canary(0).length());
      boolean alsoBefore = source.indexOf(canary) < from;
      assertFalse(!alsoBefore && shown.contains(canary), () -> canary + " in " + why);
    }
  }

  /** Small documents of all kinds of blocks, each word of which occurs once. */
  private static final class RandomText {
    final Random random;
    int canaries;

    RandomText(int seed) {
      this.random = new Random(seed);
    }

    static String canary(int n) {
      return "canary%04d".formatted(n);
    }

    private String word() {
      return canary(canaries++);
    }

    String markdown() {
      StringBuilder text = new StringBuilder();
      int blocks = 4 + random.nextInt(14);
      int marker = random.nextInt(blocks * 2);
      for (int i = 0; i < blocks; i++) {
        text.append(i == marker ? "<!-- more -->\n" : "")
            .append(block())
            .append(random.nextBoolean() ? "\n\n" : "\n");
      }
      return text.toString();
    }

    /** Rendered documents, at random wrapped in nested containers as editors do. */
    String html() {
      StringBuilder html = new StringBuilder();
      int open = 0;
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        if (random.nextBoolean()) {
          html.append("<div>");
          open++;
        }
        html.append(RENDERER.render(markdown(), TextFormat.MARKDOWN).html());
        if (open > 0 && random.nextBoolean()) {
          html.append("</div>");
          open--;
        }
      }
      return html.append("</div>".repeat(open)).toString();
    }

    private String block() {
      return switch (random.nextInt(16)) {
        case 0 -> "#".repeat(1 + random.nextInt(6)) + " " + word();
        case 1 -> word() + "\n" + (random.nextBoolean() ? "===" : "---");
        case 2 -> "- " + word() + "\n- " + word() + "\n  - " + word() + "\n\n  " + word();
        case 3 -> "> " + word() + "\n" + word() + "\n>\n> 1. " + word();
        case 4 -> "```java\n" + word() + "\n\n" + word() + "\n```";
        case 5 -> "    " + word();
        case 6 ->
            "| " + word() + " | " + word() + " |\n|---|---|\n| " + word() + " | " + word() + " |";
        case 7 -> "[ref" + random.nextInt(4) + "]: /" + word() + " \"" + word() + "\"";
        case 8 ->
            "[" + word() + "][ref" + random.nextInt(4) + "] ![" + word() + "](/" + word() + ")";
        case 9 -> "<!-- " + word() + " -->";
        case 10 ->
            "<div class=\""
                + word()
                + "\">\n"
                + word()
                + "\n"
                + (random.nextBoolean() ? "</div>" : "");
        case 11 -> "<p title=\"" + word() + "\">" + word() + "</p>";
        case 12 -> "$$\n" + word() + "\n$$";
        case 13 -> "[^1]: " + word();
        case 14 -> "---";
        default -> sentences();
      };
    }

    private String sentences() {
      StringBuilder text = new StringBuilder();
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        String word = word();
        text.append(
            switch (random.nextInt(6)) {
              case 0 -> "**" + word + "。**";
              case 1 -> "[" + word + "。](/" + word() + " '" + word() + "')";
              case 2 -> "`" + word + "。`";
              case 3 -> "$" + word + "$";
              case 4 -> word + "&amp;。\n";
              default -> word + "。";
            });
      }
      return text.toString();
    }
  }
}
