package com.sharestack.content;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.content.StatusMachine.Event;
import com.sharestack.contract.ArticleStatus;
import io.vertx.serviceproxy.ServiceException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of status and event, against a table written from the contract. */
class StatusMachineTest {

  /** Rows: status; columns: PUBLISH SCHEDULE HOLD WITHDRAW REVISE REFUSE; "-" = refused. */
  private static final String TABLE =
      """
      draft          published        scheduled        pending_review        -     -     -
      pending_review -                -                -                     draft -     -
      scheduled      published        scheduled        pending_review        draft -     draft
      published      -                -                pending_review        draft -     -
      archived       published        draft>scheduled  draft>pending_review  -     draft -
      rejected       draft>published  draft>scheduled  draft>pending_review  -     draft -
      """;

  static Stream<Arguments> pairs() {
    return TABLE
        .lines()
        .map(line -> line.trim().split("\\s+"))
        .flatMap(
            cells ->
                Arrays.stream(Event.values())
                    .map(
                        event ->
                            Arguments.of(
                                ArticleStatus.of(cells[0]), event, cells[event.ordinal() + 1])));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void everyPairMovesAsTheContractSays(ArticleStatus from, Event event, String expected) {
    if (expected.equals("-")) {
      ServiceException refused =
          Assertions.assertThrows(ServiceException.class, () -> StatusMachine.path(from, event));
      assertEquals("INVALID_STATE_TRANSITION", refused.getMessage());
      assertEquals(from.literal(), refused.getDebugInfo().getString("from"));
    } else {
      List<ArticleStatus> path = Arrays.stream(expected.split(">")).map(ArticleStatus::of).toList();
      assertEquals(path, StatusMachine.path(from, event));
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void everyStepOfAPathIsAllowed(ArticleStatus from, Event event, String expected) {
    ArticleStatus at = from;
    for (String step : expected.equals("-") ? new String[0] : expected.split(">")) {
      Assertions.assertTrue(StatusMachine.allowed(at).contains(ArticleStatus.of(step)));
      at = ArticleStatus.of(step);
    }
  }
}
