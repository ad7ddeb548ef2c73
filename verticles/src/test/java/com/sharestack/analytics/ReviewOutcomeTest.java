package com.sharestack.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentStatusChangedEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReviewOutcomeTest {

  private static final Map<String, String> TOLD =
      """
      pending_review>published APPROVED
      pending_review>scheduled APPROVED
      pending_review>rejected REJECTED
      pending_review>draft SENT_BACK
      pending_review>archived TAKEN_DOWN
      scheduled>published SCHEDULE_DONE
      scheduled>draft SCHEDULE_FAILED
      scheduled>pending_review SCHEDULE_FAILED
      scheduled>rejected REJECTED
      scheduled>archived TAKEN_DOWN
      published>draft TAKEN_DOWN
      published>pending_review TAKEN_DOWN
      published>scheduled TAKEN_DOWN
      published>archived TAKEN_DOWN
      published>rejected TAKEN_DOWN
      """
          .lines()
          .map(line -> line.split(" "))
          .collect(Collectors.toMap(words -> words[0], words -> words[1]));

  static Stream<Arguments> everyPairOfStates() {
    return Arrays.stream(ArticleStatus.values())
        .flatMap(from -> Arrays.stream(ArticleStatus.values()).map(to -> Arguments.of(from, to)));
  }

  private static String told(ArticleStatus from, ArticleStatus to, Long actor, String cause) {
    return ReviewOutcome.of(
            new ContentStatusChangedEvent(
                5, actor, 8, from, to, false, "标题", cause, Instant.parse("2026-10-01T00:00:00Z")))
        .map(Enum::name)
        .orElse("nothing");
  }

  @ParameterizedTest
  @MethodSource("everyPairOfStates")
  void theAuthorIsToldWhatOthersDidToHisArticle(ArticleStatus from, ArticleStatus to) {
    String pair = from.literal() + ">" + to.literal();
    assertEquals(TOLD.getOrDefault(pair, "nothing"), told(from, to, null, "moderation"));
  }

  @ParameterizedTest
  @MethodSource("everyPairOfStates")
  void theAuthorIsNotToldWhatHeDidHimself(ArticleStatus from, ArticleStatus to) {
    assertEquals("nothing", told(from, to, 8L, "author"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"8, -, nothing", "9, -, TAKEN_DOWN", "-, -, TAKEN_DOWN", "8, staff, TAKEN_DOWN"})
  void withoutACauseTheActorDecides(Long actor, String cause, String expected) {
    assertEquals(expected, told(ArticleStatus.PUBLISHED, ArticleStatus.ARCHIVED, actor, cause));
  }

  @ParameterizedTest
  @CsvSource({"draft", "published"})
  void aNewArticleHasNoOutcome(String to) {
    assertEquals("nothing", told(null, ArticleStatus.of(to), null, "moderation"));
  }
}
