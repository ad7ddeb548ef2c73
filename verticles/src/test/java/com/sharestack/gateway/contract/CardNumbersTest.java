package com.sharestack.gateway.contract;

import static com.sharestack.gateway.contract.Fixtures.check;
import static com.sharestack.gateway.contract.Fixtures.json;
import static com.sharestack.gateway.contract.Fixtures.shape;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of bank cards are found in bodies of billing, and nothing else is taken for one. */
class CardNumbersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111111",
        "卡号4111 1111 1111 1111，有效期12/27",
        "my card: 5555-5555-5555-4444",
        "2223003122003222",
        "3782 822463 10005",
        "30569309025904",
        "6205500000000000004",
        "6200000000000005",
        "6222 0200 0000 0000 000",
        "622202 0000000000000",
        "２０２４年 ４１１１１１１１１１１１１１１１",
        "11 4111 1111 1111 1111",
        "3530111333300000",
        "6011111111111117"
      })
  void aCardNumberIsFound(String text) {
    assertTrue(CardNumbers.isIn(text), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4111111111111112",
        "13800138000 13900139000",
        "20240131120000",
        "4200002318202411290012345678",
        "41111111111111111111",
        "a4111111111111111b",
        "c3d4-4111-1111-1111-111111111111",
        "4111  1111  1111  1111",
        "4111.1111.1111.1111",
        "9.90 29.90 199.00",
        "1000000000000008"
      })
  void whatIsNoCardNumberIsLeftAlone(String text) {
    assertFalse(CardNumbers.isIn(text), text);
  }

  @Test
  void keysOfRequestsAreNeverTakenForCards() {
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      String key = new UUID(random.nextLong(), random.nextLong()).toString();
      assertFalse(CardNumbers.isIn(key), key);
    }
  }

  @Test
  void aBodyIsSearchedAtAnyDepthAndTheFieldIsNamedWithoutItsValue() {
    Shape body =
        new CardFreeShape(
            shape(
                "{'type':'object','properties':{'note':{'type':'string'},"
                    + "'tags':{'type':'array','items':{'type':'string'}},"
                    + "'metadata':{'type':'object','x-free':true}}}"));
    var outcome =
        check(
            body,
            json(
                "{'note':'4111111111111111','tags':['a','5555 5555 5555 4444'],"
                    + "'metadata':{'client':[{'pan':4111111111111111}],'6011111111111117':1},"
                    + "'unknown':'4111111111111111'}"));

    assertEquals(
        List.of("note", "tags[1]", "metadata.client[0].pan", "metadata"),
        outcome.problems().stream().map(Problem::field).toList());
    assertTrue(outcome.reasons().stream().allMatch(Reasons.CARD_NUMBER::equals));
    assertEquals(
        new JsonObject().put("note", "好").put("tags", List.of()).encode(),
        ((JsonObject) check(body, json("{'note':'好','tags':[]}")).value()).encode());
  }

  /** Nobody types a card number where he pays; this holds for operations to come. */
  @Test
  void everyBodyOfBillingIsSearched() throws IOException {
    JsonObject contract;
    try (InputStream in = getClass().getResourceAsStream("/contract/openapi.json")) {
      contract =
          new JsonObject(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
    List<Operation> bodies =
        Operations.load(contract).all().stream()
            .filter(operation -> operation.domain().equals("billing"))
            .filter(operation -> operation.body() != null && !operation.internal())
            .filter(operation -> operation.handler() == null)
            .toList();
    assertTrue(bodies.size() >= 15, () -> bodies.size() + " bodies");
    for (Operation operation : bodies) {
      assertTrue(operation.body() instanceof CardFreeShape, operation::id);
    }
  }
}
