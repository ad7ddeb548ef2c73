package com.sharestack.content.text;

import com.sharestack.content.text.ModerationRules.Hit;
import com.sharestack.content.text.ModerationRules.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Automatic moderation of a text (content contract, convention "Moderation"): keyword rules,
 * copies, quality. A pure function of the text, the rules and the settings.
 *
 * <p>A hit with confidence from {@code autoConfidence} on acts by itself: it refuses when it is
 * grave (high, critical), else it asks a human; from {@code manualConfidence} on it asks a human;
 * below, the text passes and is marked as a sample. The gravest outcome wins.
 */
public final class Moderation {
  public static final String DUPLICATE = "duplicate";
  public static final String LOW_QUALITY = "low_quality";
  private static final double COPY_CONFIDENCE = 0.95;
  private static final double NEAR_COPY_CONFIDENCE = 0.75;
  private static final double LOW_QUALITY_CONFIDENCE = 0.65;
  static final int MIN_QUALITY = 30;
  private static final int FULL_QUALITY = 100;

  public enum Verdict {
    PASS,
    REVIEW,
    REJECT
  }

  /**
   * Setting moderation.article_review: as described, without review verdicts, or every first
   * publication reviewed.
   */
  public enum Mode {
    RISK,
    NONE,
    ALL
  }

  /**
   * Settings moderation.auto_confidence, moderation.manual_confidence (0-1) and
   * moderation.article_review.
   */
  public record Settings(double autoConfidence, double manualConfidence, Mode mode) {
    public static final Settings DEFAULT = new Settings(0.90, 0.60, Mode.RISK);

    public Settings {
      if (!(0 <= manualConfidence && manualConfidence <= autoConfidence && autoConfidence <= 1)) {
        throw new IllegalArgumentException("expected 0 <= manual <= auto <= 1");
      }
    }
  }

  /**
   * What is judged.
   *
   * @param plain title, excerpt and body without markup
   * @param links number of links in the body
   * @param others fingerprints of other articles, never of this one's own versions
   * @param firstPublication whether it was never public before
   * @param trusted whether its author skips the queue; refusals still hold
   */
  public record Submission(
      String plain,
      int links,
      Collection<Long> others,
      boolean firstPublication,
      boolean trusted) {}

  /**
   * The outcome.
   *
   * @param confidence of the hit that decided, 0 without hits
   * @param categories of the hits behind the verdict, distinct; never the words
   * @param sample whether staff should look at some of these although it passed
   * @param quality 0-100
   */
  public record Result(
      Verdict verdict, double confidence, List<String> categories, boolean sample, int quality) {}

  private final ModerationRules rules;

  public Moderation(ModerationRules rules) {
    this.rules = rules;
  }

  public Result judge(Submission submission, Settings settings) {
    List<Hit> hits = new ArrayList<>(rules.hits(submission.plain()));
    addCopies(submission, hits);
    int quality = quality(submission.plain(), submission.links());
    if (quality < MIN_QUALITY) {
      hits.add(new Hit(LOW_QUALITY, Severity.LOW, LOW_QUALITY_CONFIDENCE));
    }
    Verdict worst =
        hits.stream()
            .map(hit -> verdict(hit, settings))
            .max(Verdict::compareTo)
            .orElse(Verdict.PASS);
    Verdict verdict = worst == Verdict.REJECT ? worst : queued(worst, submission, settings);
    List<Hit> behind = hits.stream().filter(hit -> verdict(hit, settings) == worst).toList();
    double confidence = behind.stream().mapToDouble(Hit::confidence).max().orElse(0);
    List<String> categories = behind.stream().map(Hit::category).distinct().toList();
    return new Result(
        verdict, confidence, categories, verdict == Verdict.PASS && !hits.isEmpty(), quality);
  }

  /** What the keyword rules alone say of a text that is no article. */
  public Result judgeWords(String plain, Settings settings) {
    List<Hit> hits = rules.hits(plain);
    Verdict worst =
        hits.stream()
            .map(hit -> verdict(hit, settings))
            .max(Verdict::compareTo)
            .orElse(Verdict.PASS);
    List<Hit> behind = hits.stream().filter(hit -> verdict(hit, settings) == worst).toList();
    double confidence = behind.stream().mapToDouble(Hit::confidence).max().orElse(0);
    List<String> categories = behind.stream().map(Hit::category).distinct().toList();
    return new Result(
        worst, confidence, categories, worst == Verdict.PASS && !hits.isEmpty(), FULL_QUALITY);
  }

  private static Verdict verdict(Hit hit, Settings settings) {
    if (hit.confidence() >= settings.autoConfidence()
        && hit.severity().compareTo(Severity.HIGH) >= 0) {
      return Verdict.REJECT;
    }
    return hit.confidence() >= settings.manualConfidence() ? Verdict.REVIEW : Verdict.PASS;
  }

  private static Verdict queued(Verdict verdict, Submission submission, Settings settings) {
    if (submission.trusted()) {
      return Verdict.PASS;
    }
    return switch (settings.mode()) {
      case RISK -> verdict;
      case NONE -> Verdict.PASS;
      case ALL -> submission.firstPublication() ? Verdict.REVIEW : verdict;
    };
  }

  private static void addCopies(Submission submission, List<Hit> hits) {
    long own = Fingerprint.of(submission.plain());
    int nearest =
        submission.others().stream()
            .filter(other -> Fingerprint.isNear(own, other))
            .mapToInt(other -> Fingerprint.distance(own, other))
            .min()
            .orElse(Integer.MAX_VALUE);
    if (nearest == 0) {
      hits.add(new Hit(DUPLICATE, Severity.HIGH, COPY_CONFIDENCE));
    } else if (nearest <= Fingerprint.NEAR_BITS) {
      hits.add(new Hit(DUPLICATE, Severity.LOW, NEAR_COPY_CONFIDENCE));
    }
  }

  /**
   * 0-100: full marks less up to 80 for repetition and up to 60 for links (one per 20 words or
   * more). Short texts lose nothing for being short: length is the validator's business.
   */
  static int quality(String plain, int links) {
    CharSequence text = NormalText.of(plain).text();
    int length = Math.min(text.length(), 20_000);
    int shingles = Math.max(1, length - 2);
    double repeated =
        length < 40 ? 0 : 1 - (double) Fingerprint.shingles(text, length).size() / shingles;
    double linked = Math.min(1, 20.0 * links / Math.max(1, Words.count(plain)));
    // Long honest texts repeat up to half of their short runs; only what goes beyond that is held
    // against them.
    double excess = Math.max(0, (repeated - 0.5) * 2);
    return (int) Math.round(Math.max(0, 100 - 80 * excess - (links < 3 ? 0 : 60 * linked)));
  }
}
