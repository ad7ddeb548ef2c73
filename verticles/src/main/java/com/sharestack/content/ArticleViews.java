package com.sharestack.content;

import com.sharestack.content.Details.Detail;
import com.sharestack.contract.Article;
import com.sharestack.contract.ArticleCore;
import com.sharestack.contract.ArticleDetail;
import com.sharestack.contract.ArticleListItem;
import com.sharestack.contract.ArticleRef;
import com.sharestack.contract.ArticleStats;
import com.sharestack.contract.CategoryRef;
import com.sharestack.contract.PreviewSettings;
import com.sharestack.contract.ReviewInfo;
import com.sharestack.contract.SaleTerms;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.money.Money;
import java.util.List;

/** Rows as the contract shows them. Texts are never taken from here: callers decide which part. */
final class ArticleViews {

  private static final String CURRENCY = "CNY";

  private final String site;

  /**
   * @param site address under which readers open articles
   */
  ArticleViews(String site) {
    this.site = site;
  }

  /** What its author gets after creating it. */
  Article own(Detail detail, CategoryRef category, UserCard author) {
    ArticleRow row = detail.article();
    return article(row, detail.tags(), category, author)
        .content(detail.body().content())
        .contentHtml(detail.body().html())
        .scheduledAt(row.scheduledAt())
        .review(review(row))
        .build();
  }

  /**
   * The detail without texts and without anything that depends on the reader's rights.
   *
   * @param inCharge its author or staff, who see schedule and review
   */
  ArticleDetail.Builder detail(
      ArticleRow row, List<String> tags, CategoryRef category, UserCard author, boolean inCharge) {
    return ArticleDetail.builder()
        .from(article(row, tags, category, author).build())
        .author(Authors.authorWithBio(author))
        .stats(stats(row, true))
        .scheduledAt(inCharge ? row.scheduledAt() : null)
        .review(inCharge ? review(row) : null)
        .readingTime(row.readingMinutes())
        .wordCount(row.wordCount());
  }

  static ArticleListItem item(
      ArticleRow row,
      List<String> tags,
      CategoryRef category,
      UserCard author,
      boolean inCharge,
      boolean locked) {
    return ArticleListItem.builder()
        .from(core(row, tags, category, author))
        .readingTime(row.readingMinutes())
        .duration(row.durationSeconds())
        .scheduledAt(inCharge ? row.scheduledAt() : null)
        .locked(locked)
        .build();
  }

  /** Without texts, schedule and review: who sees those is for the caller to say. */
  private Article.Builder article(
      ArticleRow row, List<String> tags, CategoryRef category, UserCard author) {
    return Article.builder()
        .from(core(row, tags, category, author))
        .allowComments(row.allowComments())
        .commentReview(row.commentReview())
        .seoTitle(row.seo().title())
        .seoDescription(row.seo().description())
        .customUrl(row.customUrl())
        .contentFormat(row.contentFormat())
        .currency(CURRENCY)
        .includedInSubscription(row.includedInSubscription())
        .attachments(List.of())
        .series(List.of())
        .version(row.version())
        .seoKeywords(row.seo().keywords())
        .canonicalUrl(canonicalUrl(row))
        .robots(row.seo().robots())
        .ogImage(row.seo().ogImage());
  }

  private static ArticleCore core(
      ArticleRow row, List<String> tags, CategoryRef category, UserCard author) {
    return ArticleCore.builder()
        .articleId(row.id())
        .title(row.title())
        .excerpt(row.excerpt())
        .coverImage(row.coverImage())
        .tags(tags)
        .category(category)
        .visibility(row.visibility())
        .status(row.status())
        .author(Authors.author(author))
        .stats(stats(row, false))
        .publishedAt(row.publishedAt())
        .createdAt(row.createdAt())
        .updatedAt(row.updatedAt())
        .contentType(row.contentType())
        .price(Money.ofFen(row.priceFen()))
        .isFeatured(row.featured())
        .build();
  }

  static ArticleRef ref(ArticleRow row) {
    return ArticleRef.builder()
        .articleId(row.id())
        .title(row.title())
        .contentType(row.contentType())
        .coverImage(row.coverImage())
        .authorId(row.authorId())
        .status(row.status())
        .visibility(row.visibility())
        .price(Money.ofFen(row.priceFen()))
        .includedInSubscription(row.includedInSubscription())
        .build();
  }

  static SaleTerms saleTerms(ArticleRow row, int accessDays) {
    boolean forSale =
        row.published()
            && row.visibility() == Visibility.PAID
            && row.priceFen() != null
            && !row.review().hold()
            && !row.authorHidden();
    return SaleTerms.builder()
        .articleId(row.id())
        .authorId(row.authorId())
        .title(row.title())
        .contentType(row.contentType())
        .coverImage(row.coverImage())
        .forSale(forSale)
        .price(Money.ofFen(row.priceFen()))
        .accessDays(accessDays)
        .build();
  }

  static PreviewSettings preview(ArticleRow row) {
    ArticleRow.Preview preview = row.preview();
    return new PreviewSettings(
        preview.mode(), preview.percent(), preview.trialSeconds(), preview.allowAnonymous());
  }

  private String canonicalUrl(ArticleRow row) {
    if (row.seo().canonicalUrl() != null) {
      return row.seo().canonicalUrl();
    }
    return site + "/articles/" + (row.customUrl() == null ? row.id() : row.customUrl());
  }

  private static ReviewInfo review(ArticleRow row) {
    ArticleRow.Review review = row.review();
    return new ReviewInfo(review.status(), review.hold(), review.notes(), review.at());
  }

  private static ArticleStats stats(ArticleRow row, boolean shares) {
    ArticleRow.Counters counters = row.counters();
    return new ArticleStats(
        counters.views(),
        counters.likes(),
        counters.comments(),
        counters.bookmarks(),
        shares ? counters.shares() : null);
  }
}
