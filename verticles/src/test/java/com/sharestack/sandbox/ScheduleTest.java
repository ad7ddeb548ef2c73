package com.sharestack.sandbox;

import static com.sharestack.testing.TestRails.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.rails.Answer;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Notice;
import com.sharestack.billing.rails.OrderRequest;
import com.sharestack.billing.rails.Product;
import com.sharestack.billing.rails.RefundRequest;
import com.sharestack.billing.rails.Verdict;
import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When and how often the twin notifies. */
class ScheduleTest {

  private static TestRails twin;

  @BeforeAll
  static void start() {
    twin = new TestRails();
  }

  @AfterAll
  static void stop() {
    twin.close();
  }

  @BeforeEach
  void fresh() {
    twin.control("/reset", new JsonObject());
    twin.received.clear();
    twin.answer =
        got ->
            got.verdict() instanceof Verdict.Authentic
                ? twin.rail(got.channel()).acknowledgement()
                : twin.rail(got.channel()).refusal(401, "验签失败");
  }

  private static String placed(Channel channel) {
    String number = "sched" + System.nanoTime();
    await(
        twin.rail(channel)
            .create(
                OrderRequest.of(
                    Product.NATIVE, number, 500, "文章", Instant.now().plus(Duration.ofDays(3)))));
    return number;
  }

  private static List<JsonObject> deliveries(String number) {
    JsonArray log =
        new JsonObject(twin.get("/control/notifications?out_trade_no=" + number).body())
            .getJsonArray("notifications");
    List<JsonObject> list = new ArrayList<>();
    log.forEach(entry -> list.add((JsonObject) entry));
    return list;
  }

  private static void advance(Duration by) {
    twin.control("/clock", new JsonObject().put("advance_seconds", by.toSeconds()));
  }

  @ParameterizedTest
  @CsvSource({
    "WECHAT,16,15 15 30 180 600 1200 1800 1800 1800 3600 10800 10800 10800 21600 21600",
    "ALIPAY,8,240 600 600 3600 7200 21600 54000"
  })
  void anUnacknowledgedNotificationIsResentOnTheRailsSchedule(
      Channel channel, int deliveries, String gaps) {
    twin.answer = got -> new Answer(500, "text/plain", "fail");
    String number = placed(channel);
    twin.pay(number);
    advance(Duration.ofDays(2));

    List<JsonObject> log = deliveries(number);
    assertEquals(deliveries, log.size());
    List<String> found = new ArrayList<>();
    for (int i = 1; i < log.size(); i++) {
      Duration gap =
          Duration.between(
              Instant.parse(log.get(i - 1).getString("at")),
              Instant.parse(log.get(i).getString("at")));
      found.add(Long.toString(Math.round(gap.toMillis() / 1000.0)));
    }
    assertEquals(gaps, String.join(" ", found));
    assertEquals(
        1, twin.received.stream().map(ScheduleTest::notice).map(Notice::id).distinct().count());
    assertEquals(
        1,
        twin.received.stream().map(ScheduleTest::notice).map(Notice::digest).distinct().count(),
        "a resend is signed anew but says the same");
  }

  private static Notice notice(TestRails.Received got) {
    return assertInstanceOf(Verdict.Authentic.class, got.verdict()).notice();
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void anAcknowledgementEndsTheSchedule(Channel channel) {
    String number = placed(channel);
    twin.answer =
        got ->
            twin.received.size() < 3
                ? new Answer(200, "text/plain", channel == Channel.ALIPAY ? "SUCCESS" : "")
                : twin.rail(channel).acknowledgement();
    if (channel == Channel.WECHAT) {
      twin.answer =
          got ->
              twin.received.size() < 3
                  ? twin.rail(channel).refusal(500, "稍后")
                  : twin.rail(channel).acknowledgement();
    }
    twin.pay(number);
    advance(Duration.ofDays(2));
    List<JsonObject> log = deliveries(number);
    assertEquals(3, log.size());
    assertTrue(log.getLast().getBoolean("acknowledged"));
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void twentyIdenticalNotificationsGoOutAtOnce(Channel channel) {
    String number = placed(channel);
    twin.pay(number, new JsonObject().put("times", 20).put("parallel", 20));
    assertEquals(20, twin.received.size());
    assertEquals(
        1, twin.received.stream().map(ScheduleTest::notice).map(Notice::id).distinct().count());
  }

  @Test
  void noNotificationAtAllCanBeAskedFor() {
    String number = placed(Channel.WECHAT);
    twin.pay(number, new JsonObject().put("times", 0));
    advance(Duration.ofDays(2));
    assertTrue(twin.received.isEmpty());
  }

  @Test
  void aRefundCanBeHeardOfBeforeThePayment() {
    String number = placed(Channel.WECHAT);
    twin.pay(number, new JsonObject().put("delay_ms", 3_600_000));
    assertTrue(twin.received.isEmpty());
    await(
        twin.rail(Channel.WECHAT).refund(new RefundRequest(number, number + "r", 500, 500, null)));
    advance(Duration.ofHours(2));
    assertEquals(
        List.of("REFUND.SUCCESS", "TRANSACTION.SUCCESS"),
        twin.received.stream().map(ScheduleTest::notice).map(Notice::eventType).toList());
  }

  @Test
  void aSuccessCanComeAfterTheClose() {
    String number = placed(Channel.WECHAT);
    await(twin.rail(Channel.WECHAT).close(number));
    twin.control("/payments/" + number + "/pay", new JsonObject().put("force", true));
    assertEquals(Notice.Kind.PAYMENT, notice(twin.received.peek()).kind());
  }

  @Test
  void theSameSeedAndCallsGiveTheSameRun() {
    List<String> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      twin.control("/reset", new JsonObject().put("seed", 42));
      twin.control(
          "/faults",
          new JsonObject()
              .put("kind", "refuse")
              .put("times", 1000)
              .put("probability", 0.5)
              .put("code", "ACQ.X"));
      StringBuilder outcome = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        var reply =
            await(
                twin.rail(Channel.ALIPAY)
                    .create(
                        OrderRequest.of(
                            Product.NATIVE,
                            "replay" + i,
                            100,
                            "文章",
                            Instant.parse("2030-01-01T00:00:00Z"))));
        outcome.append(reply).append('\n');
      }
      runs.add(outcome.toString());
    }
    assertEquals(runs.get(0), runs.get(1));
    assertTrue(runs.get(0).contains("Refused") && runs.get(0).contains("Answered"));
  }
}
