package com.sharestack.content;

import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.Visibility;
import java.util.List;

/**
 * Which articles a list shows, everything resolved to ids. Null = no such condition.
 *
 * @param status null = live ones, as strangers see them; else rows of that status, for their author
 *     or staff
 * @param search boolean-mode query of the token index
 * @param hiddenAuthors left out; never null
 */
record ListFilter(
    ArticleStatus status,
    Long authorId,
    AnyOf categories,
    AnyOf tags,
    Visibility visibility,
    ContentType contentType,
    Boolean featured,
    Long priceMinFen,
    Long priceMaxFen,
    String search,
    List<Long> hiddenAuthors) {

  /**
   * Any of these ids.
   *
   * @param articles about how many articles have one of them
   */
  record AnyOf(List<Long> ids, long articles) {}

  enum Sort {
    CREATED_AT("created_at", "ix_articles_feed_created"),
    UPDATED_AT("updated_at", "ix_articles_feed_updated"),
    PUBLISHED_AT("listed_at", "ix_articles_feed_published"),
    VIEWS("views_count", "ix_articles_feed_views"),
    LIKES("likes_count", "ix_articles_feed_likes");

    private final String column;
    private final String feedIndex;

    Sort(String column, String feedIndex) {
      this.column = column;
      this.feedIndex = feedIndex;
    }

    String column() {
      return column;
    }

    String feedIndex() {
      return feedIndex;
    }
  }

  boolean priced() {
    return priceMinFen != null || priceMaxFen != null;
  }
}
