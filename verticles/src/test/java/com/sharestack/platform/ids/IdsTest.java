package com.sharestack.platform.ids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdsTest {

  private static final int DRAWN = 20_000;

  private static Set<Integer> alphabet(Supplier<String> ids, int prefix) {
    return Stream.generate(ids)
        .limit(DRAWN)
        .flatMapToInt(id -> id.substring(prefix).chars())
        .boxed()
        .collect(Collectors.toSet());
  }

  @Test
  void idsHaveTheirPrefixLengthAndAlphabet() {
    assertTrue(Ids.random("sub_", 12).matches("sub_[0-9a-z]{12}"));
    assertTrue(Ids.base62("ses_", 24).matches("ses_[0-9A-Za-z]{24}"));
    assertEquals("x", Ids.random("x", 0));
  }

  @Test
  void everyCharacterOfTheAlphabetIsDrawn() {
    assertEquals(36, alphabet(() -> Ids.random("a", 4), 1).size());
    assertEquals(62, alphabet(() -> Ids.base62("a", 4), 1).size());
  }

  @Test
  void noTwoAreTheSame() {
    Set<String> drawn =
        IntStream.range(0, DRAWN)
            .parallel()
            .mapToObj(i -> Ids.random("", 12))
            .collect(Collectors.toSet());
    assertEquals(DRAWN, drawn.size());
  }
}
