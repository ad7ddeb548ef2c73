package com.sharestack.content.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void cjkCharactersCountSinglyAndLatinRunsOnce() {
    assertEquals(0, Words.count("，。！ \n—— 🙂"));
    assertEquals(4, Words.count("知识付费"));
    assertEquals(4, Words.count("学Java8虚拟"));
    assertEquals(3, Words.count("𠮷野家"));
    assertEquals(6, Words.count("ひらカナ한글"));
    assertEquals(2, Words.count("cafe\u0301 naïve"));
    assertEquals(2, Words.count("3.14"));
  }

  @Test
  void readingTimeIsAtLeastAMinuteAndRoundedUp() {
    assertEquals(1, Words.readingMinutes(0));
    assertEquals(1, Words.readingMinutes(300));
    assertEquals(2, Words.readingMinutes(301));
  }

  @Test
  void aShortTextIsItsOwnExcerpt() {
    assertEquals("你好 世界", Words.excerpt("  你好\n\n世界 "));
    String exact = "字".repeat(200);
    assertEquals(exact, Words.excerpt(exact));
  }

  @Test
  void theExcerptEndsWithASentenceBeyondSeventyPercent() {
    String sentence = "字".repeat(140) + "。";
    assertEquals(sentence, Words.excerpt(sentence + "后".repeat(100)));
    String early = "字".repeat(139) + "。";
    assertEquals(early + "后".repeat(60) + "…", Words.excerpt(early + "后".repeat(100)));
  }

  @Test
  void theExcerptNeverHalvesACharacter() {
    String excerpt = Words.excerpt("a" + "😀".repeat(300));
    assertEquals(201, excerpt.codePointCount(0, excerpt.length()));
    assertTrue(excerpt.endsWith("😀…"));
    assertFalse(excerpt.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff));
  }
}
