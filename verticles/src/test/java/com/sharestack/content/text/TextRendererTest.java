package com.sharestack.content.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextRendererTest {
  private static final TextRenderer RENDERER =
      new TextRenderer(Set.of("media.example.com", "localhost:9000"));

  private static ArticleText markdown(String source) {
    return RENDERER.render(source, TextFormat.MARKDOWN);
  }

  private static String html(String source) {
    return RENDERER.render(source, TextFormat.HTML).html();
  }

  @Test
  void markdownBecomesHtmlWithTablesStrikethroughAndTaskLists() {
    String html = markdown("| 甲 | 乙 |\n|---|---|\n| 1 | ~~2~~ |\n\n- [ ] 待办\n- [x] 完成").html();
    assertTrue(html.contains("<th>甲</th>"), html);
    assertTrue(html.contains("<td><del>2</del></td>"), html);
    assertTrue(html.contains("<li>☐ 待办</li>"), html);
    assertTrue(html.contains("<li>☑ 完成</li>"), html);
  }

  @Test
  void aLineBreakOfTheAuthorStaysVisible() {
    assertEquals("<p>第一行<br>\n第二行</p>", markdown("第一行\n第二行").html().strip());
  }

  @Test
  void codeKeepsItsLanguageAndItsText() {
    assertEquals(
        "<pre><code class=\"language-c++\">a &lt; b;\n</code></pre>",
        markdown("```c++\na < b;\n```").html().strip());
  }

  @Test
  void formulasAreLeftAlone() {
    assertEquals(
        "<p>设 <span class=\"math\">$a_1*b_2*c$</span> 与 <span class=\"math\">$x&lt;y$</span></p>",
        markdown("设 $a_1*b_2*c$ 与 $x<y$").html().strip());
    assertEquals(
        "<div class=\"math\">$$\n"
            + "\\begin{aligned}\n"
            + "- a_i &amp;= b \\\\\n"
            + "+ c_i &amp;= d\n"
            + "\\end{aligned}\n"
            + "$$</div>",
        markdown("$$\n\\begin{aligned}\n- a_i &= b \\\\\n+ c_i &= d\n\\end{aligned}\n$$")
            .html()
            .strip());
    assertEquals(
        "<p><span class=\"math\">$$a_b_c$$</span></p>", markdown("$$a_b_c$$").html().strip());
    assertEquals("<p>$a_1_b$</p>", html("<p>$a_1_b$</p>"));
  }

  @Test
  void pricesAreNoFormulas() {
    for (String prices : List.of("从 $5 涨到 $10", "$5到$10", "只要 \\$5，不是 $6$7", "$ 5$", "$$$ 赚钱 $")) {
      assertFalse(markdown(prices).html().contains("math"), prices);
    }
    assertTrue(markdown("$$$ 赚 *钱* $").html().contains("<em>钱</em>"));
    assertTrue(
        markdown("$$未闭合\n\n*后文*").html().contains("<em>后文</em>"), "a blank line ends a formula");
  }

  @Test
  void headingsGetStableUniqueAnchorsAndANestedToc() {
    ArticleText text = markdown("# 第一章 开始！\n## Setup & 安装\n## Setup & 安装\n### 细节\n# 第二章\n# 🙂");
    assertEquals(
        List.of(
            new Toc(
                1,
                "第一章 开始！",
                "第一章-开始",
                List.of(
                    new Toc(2, "Setup & 安装", "setup-安装", List.of()),
                    new Toc(
                        2,
                        "Setup & 安装",
                        "setup-安装-1",
                        List.of(new Toc(3, "细节", "细节", List.of()))))),
            new Toc(1, "第二章", "第二章", List.of()),
            new Toc(1, "🙂", "section", List.of())),
        text.toc());
    assertTrue(text.html().contains("<h2 id=\"setup-安装-1\">"), text.html());
  }

  @Test
  void anAnchorThatLooksLikeARepeatIsNotGivenTwice() {
    assertEquals(
        List.of("a", "a-1", "a-2", "a-1-1"),
        markdown("# a\n# a-1\n# a\n# a-1").toc().stream()
            .map(Toc::anchor)
            .sorted((x, y) -> 0)
            .toList());
  }

  @Test
  void goodLinksStayAndCarryRel() {
    assertEquals(
        "<a href=\"https://example.com/a?b=1&amp;c=2\" title=\"标题\" rel=\"nofollow"
            + " noopener\">x</a>",
        html(
            "<a href='https://example.com/a?b=1&amp;c=2' title='标题' rel='opener'"
                + " target='_blank'>x</a>"));
    for (String href : List.of("/articles/1", "#第一章", "mailto:a@example.com", "http://例子.中国/路径")) {
      assertTrue(html("<a href='" + href + "'>x</a>").contains("href=\"" + href + "\""), href);
    }
  }

  @Test
  void playersOnlyPlayFromOurMediaHosts() {
    assertEquals(
        "<video src=\"https://media.example.com/v.mp4\"></video>",
        html("<video src='https://media.example.com/v.mp4' controls autoplay></video>"));
    assertEquals(
        "<audio><source src=\"http://localhost:9000/a.mp3\"></audio>",
        html(
            "<audio><source src='http://localhost:9000/a.mp3'><source"
                + " src='https://evil.example/a.mp3'></audio>"));
    assertEquals("", html("<video src='https://media.example.com:8443/v.mp4'></video>"));
    assertEquals("", html("<video src='/v.mp4'></video>"));
  }

  @Test
  void imagesKeepTheirSizeInPixels() {
    assertEquals(
        "<img src=\"/a.png\" alt=\"图\" width=\"640\">",
        html("<img src='/a.png' alt='图' width='640' height='50%'>"));
  }

  @Test
  void plainTextPartsBlocksAndCountsWords() {
    ArticleText text = markdown("# 标题\n\nHello **wor**ld，你好。\n\n| a | b |\n|---|---|\n| 1 | 2 |");
    assertEquals("标题\nHello world，你好。\na b\n1 2", text.plain().replaceAll(" *\n", "\n"));
    assertEquals(10, text.wordCount());
    assertEquals(1, text.readingMinutes());
  }

  @Test
  void anEmptyTextIsAnEmptyText() {
    for (TextFormat format : TextFormat.values()) {
      assertEquals(ArticleText.EMPTY, RENDERER.render("", format));
    }
  }
}
