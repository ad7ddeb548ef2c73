package com.sharestack.content;

import com.sharestack.contract.ArticleUpdate;
import com.sharestack.contract.ContentFormat;
import com.sharestack.contract.Visibility;
import com.sharestack.contract.wire.Patch;
import com.sharestack.platform.money.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * What an update really changes: only fields whose value differs. Pure.
 *
 * @param fields names of the contract, in its order
 * @param columns the plain ones among them, ready to be written
 */
record Edit(
    List<String> fields,
    Map<String, Object> columns,
    String title,
    String content,
    ContentFormat format,
    String excerpt,
    boolean excerptAuthored,
    Visibility visibility,
    Long priceFen,
    boolean includedInSubscription,
    Long categoryId,
    List<String> tags) {

  private static final Set<String> TEXT = Set.of("title", "content", "content_format", "excerpt");
  private static final Set<String> ACCESS =
      Set.of("visibility", "price", "included_in_subscription");
  private static final Set<String> MODERATED =
      Set.of("title", "content", "content_format", "excerpt", "cover_image", "tags", "visibility");

  /** One plain field: its name, its column, what was sent, what the row has. */
  private record Field<T>(
      String name,
      String column,
      Function<ArticleUpdate, Patch<T>> sent,
      Function<ArticleRow, T> present) {

    void compare(
        ArticleRow row, ArticleUpdate update, List<String> fields, Map<String, Object> to) {
      Patch<T> patch = sent.apply(update);
      if (patch != null && !Objects.equals(patch.value(), present.apply(row))) {
        fields.add(name);
        to.put(column, patch.value());
      }
    }
  }

  private static final List<Field<?>> PLAIN =
      List.of(
          new Field<>(
              "cover_image", "cover_image", ArticleUpdate::coverImage, ArticleRow::coverImage),
          new Field<>(
              "category_id", "category_id", ArticleUpdate::categoryId, ArticleRow::categoryId),
          new Field<>(
              "visibility", "visibility", ArticleUpdate::visibility, ArticleRow::visibility),
          new Field<>(
              "allow_comments",
              "allow_comments",
              ArticleUpdate::allowComments,
              ArticleRow::allowComments),
          new Field<>(
              "comment_review",
              "comment_review",
              ArticleUpdate::commentReview,
              ArticleRow::commentReview),
          new Field<>("seo_title", "seo_title", ArticleUpdate::seoTitle, row -> row.seo().title()),
          new Field<>(
              "seo_description",
              "seo_description",
              ArticleUpdate::seoDescription,
              row -> row.seo().description()),
          new Field<>("custom_url", "custom_url", ArticleUpdate::customUrl, ArticleRow::customUrl),
          new Field<>("price", "price_fen", update -> fen(update.price()), ArticleRow::priceFen),
          new Field<>(
              "included_in_subscription",
              "included_in_subscription",
              ArticleUpdate::includedInSubscription,
              ArticleRow::includedInSubscription),
          new Field<>(
              "seo_keywords",
              "seo_keywords",
              ArticleUpdate::seoKeywords,
              row -> row.seo().keywords()),
          new Field<>(
              "canonical_url",
              "canonical_url",
              ArticleUpdate::canonicalUrl,
              row -> row.seo().canonicalUrl()),
          new Field<>("robots", "robots", ArticleUpdate::robots, row -> row.seo().robots()),
          new Field<>("og_image", "og_image", ArticleUpdate::ogImage, row -> row.seo().ogImage()));

  /**
   * @param tags names the row has
   * @param wantedTags names that were sent, checked; null = none were sent
   */
  static Edit of(
      ArticleRow row,
      String content,
      List<String> tags,
      ArticleUpdate update,
      List<String> wantedTags) {
    List<String> fields = new ArrayList<>();
    Map<String, Object> columns = new LinkedHashMap<>();
    String title = Patch.orElse(update.title(), row.title());
    String text = Patch.orElse(update.content(), content);
    ContentFormat format = Patch.orElse(update.contentFormat(), row.contentFormat());
    add(fields, "title", !title.equals(row.title()));
    add(fields, "content", !text.equals(content));
    boolean authored = update.excerpt() == null ? !row.excerptGenerated() : sentExcerpt(update);
    String excerpt = update.excerpt() == null ? row.excerpt() : update.excerpt().value().strip();
    add(
        fields,
        "excerpt",
        authored == row.excerptGenerated() || (authored && !excerpt.equals(row.excerpt())));
    add(fields, "content_format", format != row.contentFormat());
    add(fields, "tags", wantedTags != null && !wantedTags.equals(tags));
    PLAIN.forEach(field -> field.compare(row, update, fields, columns));
    Visibility visibility = Patch.orElse(update.visibility(), row.visibility());
    dropPrice(row, update, visibility, fields, columns);
    return new Edit(
        List.copyOf(fields),
        columns,
        title,
        text,
        format,
        authored ? excerpt : "",
        authored,
        visibility,
        (Long) columns.getOrDefault("price_fen", row.priceFen()),
        (Boolean) columns.getOrDefault("included_in_subscription", row.includedInSubscription()),
        (Long) columns.getOrDefault("category_id", row.categoryId()),
        wantedTags == null ? tags : wantedTags);
  }

  private static boolean sentExcerpt(ArticleUpdate update) {
    return !update.excerpt().value().isBlank();
  }

  /** What is no longer sold has no price any more, unless the request insists on one. */
  private static void dropPrice(
      ArticleRow row,
      ArticleUpdate update,
      Visibility visibility,
      List<String> fields,
      Map<String, Object> columns) {
    if (visibility == Visibility.PAID) {
      return;
    }
    if (row.priceFen() != null && update.price() == null) {
      fields.add("price");
      columns.put("price_fen", null);
    }
    if (!row.includedInSubscription() && update.includedInSubscription() == null) {
      fields.add("included_in_subscription");
      columns.put("included_in_subscription", true);
    }
  }

  private static void add(List<String> fields, String name, boolean changed) {
    if (changed) {
      fields.add(name);
    }
  }

  private static Patch<Long> fen(Patch<BigDecimal> price) {
    return price == null
        ? null
        : Patch.of(price.value() == null ? null : Long.valueOf(Money.toFen(price.value())));
  }

  boolean nothing() {
    return fields.isEmpty();
  }

  boolean has(String field) {
    return fields.contains(field);
  }

  /** Whether it makes a version. */
  boolean text() {
    return fields.stream().anyMatch(TEXT::contains);
  }

  boolean access() {
    return fields.stream().anyMatch(ACCESS::contains);
  }

  /** Whether a public row must pass moderation again. */
  boolean moderated() {
    return fields.stream().anyMatch(MODERATED::contains);
  }

  /** Whether the rendering, the cut or the search entry depend on it. */
  boolean rendered() {
    return text() || has("visibility");
  }

  /** Names the changed parts, and how much text came or went. */
  String summary(String oldContent) {
    List<String> parts = new ArrayList<>();
    if (has("title")) {
      parts.add("修改标题");
    }
    if (has("excerpt")) {
      parts.add("修改摘要");
    }
    if (has("content")) {
      int change =
          content.codePointCount(0, content.length())
              - oldContent.codePointCount(0, oldContent.length());
      parts.add(change == 0 ? "修改正文" : (change > 0 ? "正文增加 " + change : "正文减少 " + -change) + " 字符");
    }
    if (has("content_format")) {
      parts.add("修改正文格式");
    }
    return String.join("，", parts);
  }
}
