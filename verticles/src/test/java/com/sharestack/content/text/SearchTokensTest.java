package com.sharestack.content.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SearchTokensTest {
  private static String hex(String text) {
    return text.chars().mapToObj("%04x"::formatted).collect(Collectors.joining());
  }

  /** What the database does in boolean mode with {@code +word} and {@code +prefix*}. */
  private static boolean matches(String query, String text) {
    List<String> words = List.of(SearchTokens.index(text).split(" "));
    String wanted = SearchTokens.query(query);
    return !wanted.isEmpty()
        && Arrays.stream(wanted.split(" "))
            .map(term -> term.substring(1))
            .allMatch(
                term ->
                    term.endsWith("*")
                        ? words.stream()
                            .anyMatch(word -> word.startsWith(term.substring(0, term.length() - 1)))
                        : words.contains(term));
  }

  @Test
  void chineseBecomesBigramsAndLatinWords() {
    assertEquals(
        String.join(" ", hex("知识"), hex("识付"), hex("付费"), hex("费"), hex("java"), hex("8")),
        SearchTokens.index("知识付费 Java 8"));
    assertEquals("+" + hex("平台") + " +" + hex("java"), SearchTokens.query("平台 JAVA 平台"));
  }

  @Test
  void queriesFindWhatTheyShould() {
    String text = "面向创作者的知识付费平台，支持ＪＡＶＡ与Vert.x；作者：李雷";
    for (String query :
        List.of("平台", "创作者", "知识付费", "java", "vert.x", "平", "台", "雷", "李", "付费 Java")) {
      assertTrue(matches(query, text), query);
    }
    for (String query : List.of("台面", "韩", "jav", "平台 python", "", "+-*\"()", "。！")) {
      assertFalse(matches(query, text), query);
    }
  }

  @Test
  void aQueryHoldsNoOperatorOfTheUser() {
    assertTrue(
        SearchTokens.query("+知识 -付费* \"免费\" (a~b) @c <d >e")
            .matches("(\\+[0-9a-f]+\\*?)( \\+[0-9a-f]+\\*?)*"));
  }

  @Test
  void tokensAndTheirNumberAreBounded() {
    assertEquals(
        SearchTokens.MAX_DOCUMENT_TOKENS,
        SearchTokens.index("知识".repeat(50_000)).split(" ").length);
    String many = IntStream.range(0, 100).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
    assertEquals(SearchTokens.MAX_QUERY_TOKENS, SearchTokens.query(many).split(" ").length);
    String longWord = "a".repeat(200);
    assertEquals(80, SearchTokens.index(longWord).length());
    assertTrue(matches(longWord, longWord));
    assertEquals(
        Set.of(4),
        Arrays.stream(SearchTokens.index("a b").split(" "))
            .map(String::length)
            .collect(Collectors.toSet()));
  }

  @Test
  void rareCharactersBeyondTheBasicPlaneAreFound() {
    assertTrue(matches("𠮷野", "𠮷野家"));
    assertTrue(matches("𠮷", "𠮷野家"));
  }
}
