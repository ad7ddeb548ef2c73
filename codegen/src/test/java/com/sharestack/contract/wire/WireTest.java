package com.sharestack.contract.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.sharestack.contract.ArticleUpdate;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PlanStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records over the bus and over HTTP: what is written is what is read. */
class WireTest {

  private static final long LARGEST_ID = (1L << 53) - 1;

  /** Shaped as the generator shapes records: required, required and nullable, optional. */
  public record Sample(
      @JsonProperty("price") BigDecimal price,
      @JsonProperty("closed_at") Instant closedAt,
      @JsonProperty("day") @JsonInclude(JsonInclude.Include.NON_NULL) LocalDate day,
      @JsonProperty("status") @JsonInclude(JsonInclude.Include.NON_NULL) PlanStatus status,
      @JsonProperty("counts") @JsonInclude(JsonInclude.Include.NON_NULL) Map<String, Long> counts,
      @JsonProperty("extra") @JsonInclude(JsonInclude.Include.NON_NULL) JsonObject extra,
      @JsonProperty("class") long class_,
      @JsonProperty("parts") @JsonInclude(JsonInclude.Include.NON_NULL) List<Sample> parts) {

    static Sample priced(String price) {
      return new Sample(new BigDecimal(price), null, null, null, null, null, 0, null);
    }
  }

  @BeforeAll
  static void exactDecimals() {
    Wire.keepDecimalsExact();
  }

  /** To text and back, as between two processes. */
  private static JsonObject travelled(Record record) {
    return new JsonObject(Buffer.buffer(Wire.write(record).encode()));
  }

  private static Sample again(Sample sample) {
    return Wire.read(travelled(sample), Sample.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"29.90", "99999999.99", "0.01", "0.00", "100000000000.10", "-3.50"})
  void moneyKeepsItsDigitsAndItsZeros(String price) {
    assertEquals(new BigDecimal(price), again(Sample.priced(price)).price());
    assertTrue(travelled(Sample.priced(price)).encode().contains("\"price\":" + price));
  }

  @Test
  void moneyIsADecimalNumberAndNothingElse() {
    JsonObject text = new JsonObject("{\"price\":\"29.90\"}");
    // clients may send text; the gateway makes it a number before it goes on the bus
    assertThrows(IllegalArgumentException.class, () -> Wire.read(text, Sample.class));
    assertTrue(travelled(Sample.priced("29.90")).getValue("price") instanceof BigDecimal);
  }

  @Test
  void timesAreUtcWithSecondPrecision() {
    Instant precise = Instant.parse("2026-11-23T01:02:03.987Z");
    Sample sample = new Sample(null, precise, null, null, null, null, 0, null);
    assertEquals("2026-11-23T01:02:03Z", Wire.write(sample).getString("closed_at"));
    assertEquals(Instant.parse("2026-11-23T01:02:03Z"), again(sample).closedAt());
    Instant whole = Instant.parse("2026-11-23T01:02:00Z");
    assertEquals(
        "2026-11-23T01:02:00Z",
        Wire.write(new Sample(null, whole, null, null, null, null, 0, null))
            .getString("closed_at"));
  }

  @Test
  void timesOfOtherZonesAreRead() {
    JsonObject json = new JsonObject("{\"closed_at\":\"2026-11-23T09:02:03+08:00\"}");
    assertEquals(Instant.parse("2026-11-23T01:02:03Z"), Wire.read(json, Sample.class).closedAt());
  }

  @Test
  void datesAreDates() {
    Sample sample = new Sample(null, null, LocalDate.of(2026, 2, 28), null, null, null, 0, null);
    assertEquals("2026-02-28", Wire.write(sample).getString("day"));
    assertEquals(sample, again(sample));
  }

  @Test
  void requiredNullsAreWrittenAndOptionalOnesAreNot() {
    JsonObject json = Wire.write(Sample.priced("1.00"));
    assertTrue(json.containsKey("closed_at"));
    assertNull(json.getValue("closed_at"));
    assertEquals(java.util.Set.of("price", "closed_at", "class"), json.fieldNames());
  }

  @Test
  void literalsOfEnumsAreTheContracts() {
    Sample sample = new Sample(null, null, null, PlanStatus.ACTIVE, null, null, 0, null);
    assertEquals("active", Wire.write(sample).getString("status"));
    assertEquals(PlanStatus.ACTIVE, again(sample).status());
    JsonObject unknown = new JsonObject("{\"status\":\"ACTIVE\"}");
    assertThrows(IllegalArgumentException.class, () -> Wire.read(unknown, Sample.class));
  }

  @Test
  void aFreeObjectKeepsItsNullsAndItsDepth() {
    JsonObject extra =
        new JsonObject()
            .putNull("nothing")
            .put("deep", new JsonObject().putNull("x").put("list", List.of(1, "a")));
    Sample sample = new Sample(null, null, null, null, null, extra, 0, null);
    JsonObject read = again(sample).extra();
    assertTrue(read.containsKey("nothing"));
    assertEquals("{\"nothing\":null,\"deep\":{\"x\":null,\"list\":[1,\"a\"]}}", read.encode());
  }

  @Test
  void countsByNameStayLongs() {
    Map<String, Long> counts = Map.of("a", 1L, "b", LARGEST_ID);
    Sample sample = new Sample(null, null, null, null, counts, null, 0, null);
    assertEquals(counts, again(sample).counts());
  }

  @Test
  void theLargestIdOfJavaScriptSurvives() {
    Sample sample = new Sample(null, null, null, null, null, null, LARGEST_ID, null);
    assertEquals(LARGEST_ID, again(sample).class_());
    assertTrue(travelled(sample).encode().contains("9007199254740991"));
  }

  @Test
  void listsOfRecordsAreRecords() {
    Sample whole =
        new Sample(null, null, null, null, null, null, 1, List.of(Sample.priced("29.90")));
    assertEquals(whole, again(whole));
  }

  @Test
  void anUnknownFieldIsIgnoredBecauseNodesOfTwoVersionsMayTalk() {
    JsonObject newer = new JsonObject("{\"class\":7,\"added_later\":true}");
    assertEquals(7, Wire.read(newer, Sample.class).class_());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"class\":\"7\"}", "{\"class\":true}", "{\"price\":true}"})
  void aValueOfAnotherTypeIsRefused(String json) {
    JsonObject wrong = new JsonObject(json);
    assertThrows(IllegalArgumentException.class, () -> Wire.read(wrong, Sample.class));
  }

  @Test
  void absentNullAndValueOfAPartialUpdateStayThree() {
    JsonObject sent = new JsonObject("{\"seo_title\":null,\"title\":\"新标题\",\"price\":29.90}");
    ArticleUpdate update = Wire.read(sent, ArticleUpdate.class);
    assertNull(update.excerpt(), "absent");
    assertNotNull(update.seoTitle(), "present");
    assertNull(update.seoTitle().value(), "and null");
    assertEquals("新标题", update.title().value());
    assertEquals(new BigDecimal("29.90"), update.price().value());
    JsonObject again = travelled(update);
    assertEquals(sent.fieldNames(), again.fieldNames());
    assertTrue(again.containsKey("seo_title") && again.getValue("seo_title") == null);
    assertEquals(update, Wire.read(again, ArticleUpdate.class));
  }

  @Test
  void patchHelpersTellTheThreeApart() {
    assertEquals("present", Patch.orElse(null, "present"));
    assertNull(Patch.orElse(Patch.of(null), "present"));
    assertEquals("sent", Patch.orElse(Patch.of("sent"), "present"));
    java.util.List<String> set = new java.util.ArrayList<>();
    Patch.<String>ifPresent(null, set::add);
    Patch.ifPresent(Patch.<String>of(null), set::add);
    Patch.ifPresent(Patch.of("sent"), set::add);
    assertEquals(java.util.Arrays.asList(null, "sent"), set);
  }

  @Test
  void anAnonymousCallerArrivesAsOne() {
    Caller caller =
        Caller.builder().roles(List.of()).permissions(List.of()).requestId("req_1").build();
    JsonObject json = travelled(caller);
    assertTrue(json.containsKey("userId"));
    assertFalse(json.containsKey("sessionId"));
    assertEquals(caller, Caller.fromJson(json));
  }

  @Test
  void textForColumnsIsReadBack() {
    Sample sample = Sample.priced("29.90");
    assertEquals(sample, Wire.parse(Wire.text(sample), Sample.class));
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Wire.parse("[", Sample.class));
    assertEquals("not JSON of Sample", refusal.getMessage());
  }
}
