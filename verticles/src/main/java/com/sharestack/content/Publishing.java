package com.sharestack.content;

import com.sharestack.content.StatusMachine.Event;
import com.sharestack.content.text.Fingerprint;
import com.sharestack.content.text.Moderation;
import com.sharestack.content.text.ModerationRules;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Callers;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands between a text and its readers: the blocking checks, then automatic moderation. */
final class Publishing {

  private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

  private final Moderation moderation = new Moderation(ModerationRules.shipped());
  private final Moderation.Settings settings;
  private final boolean requireCertified;
  private final IndexRepository index;
  private final InputRules inputs;
  private final Authors authors;

  Publishing(Config.Content config, IndexRepository index, InputRules inputs, Authors authors) {
    Moderation.Settings usual = Moderation.Settings.DEFAULT;
    this.settings =
        new Moderation.Settings(
            usual.autoConfidence(),
            usual.manualConfidence(),
            Moderation.Mode.valueOf(config.articleReview().toUpperCase(Locale.ROOT)));
    this.requireCertified = config.requireCertifiedCreator();
    this.index = index;
    this.inputs = inputs;
    this.authors = authors;
  }

  /**
   * A text that shall be public.
   *
   * @param articleId 0 while it has none
   * @param excerpt as authored; empty when it is made from the text
   */
  record Candidate(
      long articleId,
      long authorId,
      String title,
      String excerpt,
      List<String> tags,
      Rendering text,
      Visibility visibility,
      Long categoryId,
      boolean firstPublication) {

    String words() {
      return String.join("\n", title, excerpt, String.join(" ", tags), text.plain());
    }
  }

  /**
   * @param event what really happens: as wanted, or a human looks first
   * @param fingerprint of the text, to be kept while it is public
   */
  record Decision(Event event, long fingerprint) {}

  /**
   * Runs all checks and moderation.
   *
   * <p>Errors: BUSINESS_RULE_VIOLATION, FORBIDDEN/CREATOR_NOT_VERIFIED, CONTENT_MODERATION_FAILED.
   *
   * @param wanted PUBLISH or SCHEDULE
   */
  Decision decide(Caller caller, Candidate candidate, Event wanted) {
    require(caller, candidate);
    String words = candidate.words();
    long fingerprint = Fingerprint.of(words);
    Moderation.Result result =
        moderation.judge(
            new Moderation.Submission(
                words,
                candidate.text().links(),
                index.near(fingerprint, candidate.articleId()),
                candidate.firstPublication(),
                false),
            settings);
    if (result.sample()) {
      LOG.info("article {} passed, worth a look: {}", candidate.articleId(), result.categories());
    }
    return switch (result.verdict()) {
      case PASS -> new Decision(wanted, fingerprint);
      case REVIEW -> new Decision(Event.HOLD, fingerprint);
      case REJECT ->
          throw Errors.of(
              ErrorCode.CONTENT_MODERATION_FAILED,
              "matched_rules",
              new JsonArray(result.categories()));
    };
  }

  private void require(Caller caller, Candidate candidate) {
    if (candidate.title().isBlank() || candidate.text().html().isBlank()) {
      throw Errors.of(ErrorCode.BUSINESS_RULE_VIOLATION, "reason", "NOT_PUBLISHABLE");
    }
    inputs.category(candidate.categoryId());
    if (candidate.visibility() != Visibility.PUBLIC) {
      requireCertified(caller, candidate.authorId());
    }
  }

  /** Who takes money must be certified; the caller's token may be older than the certificate. */
  void requireCertified(Caller caller, long authorId) {
    boolean certified =
        !requireCertified
            || (Callers.isUser(caller, authorId) && caller.verified())
            || authors.card(caller, authorId).map(UserCard::isVerified).orElse(false);
    if (!certified) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "CREATOR_NOT_VERIFIED");
    }
  }

  /** Tags are shown in lists of everybody, also before anything is published. */
  void requireDecentTags(List<String> names) {
    Moderation.Submission submission =
        new Moderation.Submission(String.join("\n", names), 0, List.of(), false, true);
    Moderation.Result result = moderation.judge(submission, settings);
    if (result.verdict() == Moderation.Verdict.REJECT) {
      throw Errors.of(
          ErrorCode.CONTENT_MODERATION_FAILED, "matched_rules", new JsonArray(result.categories()));
    }
  }
}
