package com.sharestack.content.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.content.text.UnrenderableText.Reason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Up to 1 MiB of malice on a small stack: rendered or refused, but soon and without a
 * StackOverflowError.
 */
class HostileTextTest {
  private static final int SIZE = TextRenderer.MAX_SOURCE_BYTES;
  private static final long STACK_BYTES = 512 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final TextRenderer RENDERER = new TextRenderer(Set.of());

  private static String fill(String piece) {
    return piece.repeat(SIZE / piece.length());
  }

  static Stream<Arguments> texts() {
    int deep = 10_000;
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("quotes", ">".repeat(deep) + " x");
    texts.put("many quotes", fill(">"));
    texts.put("lists", "- ".repeat(deep) + "x");
    texts.put("many lists and blank lines", "- ".repeat(deep) + "x" + "\n".repeat(SIZE / 2));
    texts.put(
        "ever deeper list",
        IntStream.range(0, 700)
            .mapToObj(i -> "  ".repeat(i) + "- x\n")
            .collect(Collectors.joining()));
    texts.put("open brackets", "[".repeat(deep) + "x");
    texts.put("nested brackets", "[".repeat(deep) + "x" + "](u)".repeat(deep));
    texts.put("many brackets", fill("["));
    texts.put("images", "![".repeat(deep) + "x" + "](u)".repeat(deep));
    texts.put("emphasis", "*".repeat(deep) + "x" + "*".repeat(deep));
    texts.put("spaced emphasis", "*a ".repeat(deep) + "b" + " c*".repeat(deep));
    texts.put("many emphasis", fill("*a **a "));
    texts.put("unclosed emphasis", "a**b" + fill("c* "));
    texts.put("strikethrough", fill("~~a ~b "));
    texts.put(
        "backticks",
        IntStream.range(1, 1400).mapToObj("`"::repeat).collect(Collectors.joining(" ")));
    texts.put("html openers", fill("x <!-- "));
    texts.put("less than", fill("<"));
    texts.put("autolink", "<a@" + fill("a."));
    texts.put("html attributes", "<a " + fill("a "));
    texts.put("html attributes inline", "x <a" + fill(" b=c"));
    texts.put("entities", fill("&#"));
    texts.put("dollars", fill("$a "));
    texts.put("double dollars", fill("$$a\n"));
    texts.put("references", "[a]: /" + "u".repeat(SIZE / 2) + "\n\n" + "[a] ".repeat(100_000));
    texts.put("definitions", fill("[a\n"));
    texts.put(
        "wide table",
        "|a".repeat(100_000) + "|\n" + "|-".repeat(100_000) + "|\n" + "|b\n".repeat(100_000));
    texts.put("paragraphs", fill("a\n\n"));
    texts.put("headings", fill("# a\n"));
    texts.put("div", fill("<div>"));
    texts.put("bold", fill("<b>"));
    texts.put("strong paragraphs", fill("<strong><p>"));
    texts.put("tables", fill("<table><td>"));
    texts.put("links", fill("<a href=/>"));
    texts.put("long attribute", "<a title=\"" + fill("x"));
    texts.put("misnested", fill("<em></p><u><div></em>"));
    texts.put("bad images", fill("<img src=x>"));
    texts.put("bad links", fill("<a>x</a>"));
    texts.put("good images", fill("<img src=/x>"));
    texts.put("sentence ends", fill("。").substring(0, SIZE / 3));
    texts.put("short sentences", fill("字。").substring(0, SIZE / 3));
    texts.put("ampersands", fill("&amp;&lt"));
    return texts.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void hostileTextIsRenderedOrRefusedSoon(String name, String text) throws InterruptedException {
    String bounded = text.substring(0, Math.min(SIZE, text.length()));
    for (TextFormat format : TextFormat.values()) {
      Throwable thrown =
          onSmallStack(
              () -> assertNotNull(FreePart.of(RENDERER, bounded, format, PreviewCut.DEFAULT)));
      assertTrue(
          thrown == null || thrown instanceof UnrenderableText, () -> format + ": " + thrown);
    }
  }

  @Test
  void tenThousandQuotesAreRefusedAsTooDeep() {
    var refused =
        assertThrows(
            UnrenderableText.class,
            () -> RENDERER.render(">".repeat(10_000) + "x", TextFormat.MARKDOWN));
    assertEquals(Reason.TOO_DEEP, refused.reason());
  }

  @Test
  void aWholeMebibyteOfHonestTextIsRendered() throws InterruptedException {
    String paragraph = "这是一段**普通**的正文，讲[链接](https://example.com)与 `代码`。".repeat(10) + "\n\n";
    String article =
        paragraph.repeat(SIZE / paragraph.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
    assertNull(onSmallStack(() -> RENDERER.render(article, TextFormat.MARKDOWN)));
    assertNull(
        onSmallStack(
            () -> FreePart.of(RENDERER, article, TextFormat.MARKDOWN, PreviewCut.DEFAULT)));
  }

  @Test
  void theSizeLimitIsInclusiveAndCountsBytes() {
    assertNotNull(RENDERER.render("a".repeat(SIZE), TextFormat.MARKDOWN));
    var refused =
        assertThrows(
            UnrenderableText.class,
            () -> RENDERER.render("字".repeat(SIZE / 3 + 1), TextFormat.MARKDOWN));
    assertEquals(Reason.TOO_LARGE, refused.reason());
  }

  private static Throwable onSmallStack(Runnable work) throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(null, work, "small stack", STACK_BYTES);
    thread.setUncaughtExceptionHandler((any, failure) -> thrown.set(failure));
    thread.setDaemon(true);
    thread.start();
    assertTrue(thread.join(PATIENCE), "still rendering after " + PATIENCE);
    return thrown.get();
  }
}
