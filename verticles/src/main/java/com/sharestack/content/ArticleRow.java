package com.sharestack.content;

import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentFormat;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.Visibility;
import java.time.Instant;
import java.util.List;

/**
 * A row of articles: everything but the texts.
 *
 * @param version current version number
 * @param publishedVersion last published one, null before the first publication
 * @param revision +1 at every write but counters
 */
record ArticleRow(
    long id,
    long authorId,
    ArticleStatus status,
    Visibility visibility,
    ContentType contentType,
    ContentFormat contentFormat,
    Long categoryId,
    String title,
    String excerpt,
    boolean excerptGenerated,
    String coverImage,
    String customUrl,
    Long priceFen,
    boolean includedInSubscription,
    boolean allowComments,
    boolean commentReview,
    boolean featured,
    boolean authorHidden,
    Seo seo,
    int wordCount,
    int readingMinutes,
    Integer durationSeconds,
    Preview preview,
    Review review,
    int version,
    Integer publishedVersion,
    Counters counters,
    Instant scheduledAt,
    Instant publishedAt,
    Instant createdAt,
    Instant updatedAt,
    long revision) {

  record Seo(
      String title,
      String description,
      List<String> keywords,
      String canonicalUrl,
      String robots,
      String ogImage) {}

  /**
   * @param mode percent, marker, none or full
   */
  record Preview(String mode, int percent, int trialSeconds, boolean allowAnonymous) {}

  record Review(String status, boolean hold, String notes, Instant at) {}

  record Counters(long views, long likes, long comments, long bookmarks, long shares) {}

  boolean published() {
    return status == ArticleStatus.PUBLISHED;
  }

  /** Whether strangers must be entitled to read the whole text. */
  boolean gated() {
    return visibility != Visibility.PUBLIC;
  }

  /** Whether part of the text stays hidden from those who are not entitled. */
  boolean cut() {
    return gated() && !preview.mode().equals("full");
  }

  /** The same row under another title and excerpt: those of an earlier version. */
  ArticleRow withText(String otherTitle, String otherExcerpt) {
    return new ArticleRow(
        id,
        authorId,
        status,
        visibility,
        contentType,
        contentFormat,
        categoryId,
        otherTitle,
        otherExcerpt,
        excerptGenerated,
        coverImage,
        customUrl,
        priceFen,
        includedInSubscription,
        allowComments,
        commentReview,
        featured,
        authorHidden,
        seo,
        wordCount,
        readingMinutes,
        durationSeconds,
        preview,
        review,
        version,
        publishedVersion,
        counters,
        scheduledAt,
        publishedAt,
        createdAt,
        updatedAt,
        revision);
  }
}
