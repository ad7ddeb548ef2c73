package com.sharestack.content.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlugsTest {
  @Test
  void goodSlugsPass() {
    for (String slug : List.of("abc", "java-21", "2026-review", "a".repeat(100))) {
      assertEquals(Optional.empty(), Slugs.refusal(slug), slug);
    }
  }

  @Test
  void badAndReservedSlugsAreRefusedInChinese() {
    for (String slug :
        List.of(
            "",
            "ab",
            "a".repeat(101),
            "Abc",
            "a--b",
            "-ab",
            "ab-",
            "a b",
            "知识付费",
            "123",
            "abc\n",
            "drafts",
            "by-url",
            "trending",
            "multipart")) {
      assertTrue(Slugs.refusal(slug).orElse("").matches("(?s).*\\p{IsHan}.*"), slug);
    }
  }

  @Test
  void tagsThatReadTheSameAreTheSame() {
    assertEquals("Spring Boot", Slugs.tagName("  Spring \u3000\t Boot\u00a0"));
    assertEquals(Slugs.tagKey("spring boot"), Slugs.tagKey(" Spring  BOOT "));
    assertEquals(Slugs.tagKey("café"), Slugs.tagKey("CAFE\u0301"));
    assertEquals(Slugs.tagKey("straße"), Slugs.tagKey("STRASSE"));
    assertEquals("知识付费", Slugs.tagKey("知识付费"));
  }

  @Test
  void tagNamesHaveAnAlphabetAndALength() {
    for (String name : List.of("C++", "C#", "Node.js", "a_b-c", "人工智能", "𠮷".repeat(30))) {
      assertEquals(Optional.empty(), Slugs.tagRefusal(name), name);
    }
    for (String name : List.of("", "字".repeat(31), "a/b", "<b>", "a\u200bb", "😀")) {
      assertTrue(Slugs.tagRefusal(name).isPresent(), name);
    }
  }
}
