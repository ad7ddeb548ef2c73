package com.sharestack.content.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.content.text.Moderation.Mode;
import com.sharestack.content.text.Moderation.Result;
import com.sharestack.content.text.Moderation.Settings;
import com.sharestack.content.text.Moderation.Submission;
import com.sharestack.content.text.Moderation.Verdict;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModerationTest {
  private static final ModerationRules RULES =
      ModerationRules.parse(
          List.of(
              "# comment",
              "illegal|critical|0.95|代开发票",
              "fraud|high|0.75|稳赚 & 加微信",
              "spam|low|0.95|扫码进群",
              "spam|low|0.40|加微信",
              "spam|low|0.70|viagra",
              "spam|low|0.70|buy followers"));
  private static final Moderation MODERATION = new Moderation(RULES);

  private static Result judge(String plain, Mode mode, boolean first, boolean trusted) {
    return MODERATION.judge(
        new Submission(plain, 0, List.of(), first, trusted), new Settings(0.90, 0.60, mode));
  }

  private static Result judge(String plain) {
    return judge(plain, Mode.RISK, true, false);
  }

  @Test
  void confidenceAndSeverityDecide() {
    assertEquals(Verdict.REJECT, judge("专业代开发票").verdict());
    assertEquals(List.of("illegal"), judge("专业代开发票，加微信").categories());
    assertEquals(Verdict.REVIEW, judge("稳赚不赔，快加微信").verdict());
    assertEquals(
        Verdict.REVIEW, judge("扫码进群").verdict(), "a light violation is never refused by itself");
    assertEquals(new Result(Verdict.PASS, 0.40, List.of("spam"), true, 100), judge("可以加微信交流"));
    assertEquals(new Result(Verdict.PASS, 0, List.of(), false, 100), judge("今天讲并发编程"));
  }

  @Test
  void thresholdsAreSettings() {
    Submission text = new Submission("代开发票", 0, List.of(), true, false);
    assertEquals(
        Verdict.REVIEW, MODERATION.judge(text, new Settings(0.96, 0.60, Mode.RISK)).verdict());
    assertEquals(
        Verdict.PASS, MODERATION.judge(text, new Settings(0.99, 0.96, Mode.RISK)).verdict());
    assertThrows(IllegalArgumentException.class, () -> new Settings(0.5, 0.6, Mode.RISK));
  }

  @Test
  void modesAndTrustChangeTheQueueButNotTheRefusal() {
    for (Mode mode : Mode.values()) {
      assertEquals(Verdict.REJECT, judge("代开发票", mode, true, true).verdict());
    }
    assertEquals(Verdict.PASS, judge("扫码进群", Mode.NONE, true, false).verdict());
    assertTrue(judge("扫码进群", Mode.NONE, true, false).sample());
    assertEquals(Verdict.REVIEW, judge("好文章", Mode.ALL, true, false).verdict());
    assertEquals(Verdict.PASS, judge("好文章", Mode.ALL, false, false).verdict());
    assertEquals(Verdict.PASS, judge("扫码进群", Mode.ALL, true, true).verdict());
  }

  @Test
  void spellingTricksDoNotHide() {
    for (String evasion :
        List.of(
            "代 开 发 票",
            "代\u200b开\u2060发\u00ad票",
            "代*开_发~票",
            "代.开·发-票",
            "ＶＩＡＧＲＡ",
            "V i a g r a",
            "v.i-a\u200bgra",
            "vi\u0301agra",
            "买viagra吧",
            "Buy  Followers",
            "稳　赚！加 微 信")) {
      assertFalse(RULES.hits(evasion).isEmpty(), evasion);
    }
  }

  @Test
  void honestTextIsNotMistaken() {
    for (String honest :
        List.of("请代我开车，发个票据", "我会更加，微信任他", "viagrax", "aviagra", "rebuy followers2")) {
      assertEquals(List.of(), RULES.hits(honest), honest);
    }
  }

  @Test
  void overlappingWordsAreAllFound() {
    ModerationRules rules =
        ModerationRules.parse(
            List.of("a|low|0.5|abcd", "b|low|0.5|甲乙丙丁", "c|low|0.5|乙丙", "d|low|0.5|丙"));
    assertEquals(
        List.of("b", "c", "d"),
        rules.hits("甲乙丙丁").stream().map(ModerationRules.Hit::category).toList());
    assertEquals(
        List.of("c", "d"), rules.hits("甲乙丙").stream().map(ModerationRules.Hit::category).toList());
  }

  @Test
  void malformedRulesNameTheirLine() {
    for (String bad :
        List.of(
            "spam|low|0.5",
            "spam|awful|0.5|x",
            "spam|low|1.5|x",
            "spam|low|NaN|x",
            "spam|low|0.5|a & !")) {
      var refused =
          assertThrows(
              IllegalArgumentException.class, () -> ModerationRules.parse(List.of("", bad)));
      assertTrue(refused.getMessage().contains("line 2"), refused.getMessage());
    }
  }

  @Test
  void theShippedRulesLoadAndSparePlainProse() {
    ModerationRules shipped = ModerationRules.shipped();
    assertFalse(shipped.hits("专业代开发票").isEmpty());
    assertEquals(List.of(), shipped.hits("本文介绍微信支付的接入步骤，以及电子发票的开具流程。"));
  }

  private static String article(long seed, int sentences) {
    Random random = new Random(seed);
    return random
        .ints(sentences * 12L, 0x4e00, 0x9000)
        .mapToObj(c -> Character.toString(c))
        .collect(Collectors.joining())
        .replaceAll("(.{12})", "$1。");
  }

  @Test
  void copiesHaveNearFingerprintsAndOthersFarOnes() {
    String text = article(1, 100);
    assertEquals(
        Fingerprint.of(text), Fingerprint.of(text.replace("。", " ！\n")), "layout does not matter");
    assertTrue(Fingerprint.isNear(Fingerprint.of(text), Fingerprint.of(text + "转载自网络")));
    for (int seed = 2; seed < 200; seed++) {
      assertFalse(
          Fingerprint.isNear(Fingerprint.of(text), Fingerprint.of(article(seed, 100))),
          "seed " + seed);
    }
    assertFalse(
        Fingerprint.isNear(Fingerprint.of("短文"), Fingerprint.of("短文")),
        "short texts are alike by chance");
  }

  @Test
  void aCopyIsRefusedAndANearCopyReviewed() {
    String text = article(1, 100);
    long original = Fingerprint.of(text);
    Result copy =
        MODERATION.judge(
            new Submission(text, 0, List.of(5L, original), true, false), Settings.DEFAULT);
    assertEquals(List.of(Moderation.DUPLICATE), copy.categories());
    assertEquals(Verdict.REJECT, copy.verdict());
    Result near =
        MODERATION.judge(
            new Submission(text, 0, List.of(original ^ 0b101), true, false), Settings.DEFAULT);
    assertEquals(Verdict.REVIEW, near.verdict());
    Result far =
        MODERATION.judge(
            new Submission(text, 0, List.of(original ^ 0b1111), true, false), Settings.DEFAULT);
    assertEquals(Verdict.PASS, far.verdict());
  }

  @Test
  void repetitionAndLinksLowerTheQuality() {
    assertEquals(100, Moderation.quality(article(1, 50), 2));
    assertTrue(Moderation.quality("哈".repeat(1_000), 0) < Moderation.MIN_QUALITY);
    assertTrue(
        Moderation.quality("哈".repeat(1_000), 500) < Moderation.quality("哈".repeat(1_000), 0));
    assertEquals(40, Moderation.quality("点这里", 30));
    assertEquals(List.of(Moderation.LOW_QUALITY), judge("顶".repeat(500)).categories());
  }
}
