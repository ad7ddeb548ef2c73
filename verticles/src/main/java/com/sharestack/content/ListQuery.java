package com.sharestack.content;

import com.sharestack.content.ListFilter.AnyOf;
import com.sharestack.content.ListFilter.Sort;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.db.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The statements of a list. One index drives each, named in the statement because {@code live = 1}
 * tells the optimizer nothing: the rarest filter's own index, else the feed index of the sort. The
 * page is found as keys first, then its rows by primary key (sql/README.md). Text comes from this
 * class only; every value is bound.
 */
final class ListQuery {

  /**
   * Up to here a filter's rows are sorted; beyond, the feed index is walked and rows are checked.
   */
  static final long RARE = 2_000;

  /** Totals are counted up to here. */
  static final int MOST_COUNTED = 10_000;

  private static final int MOST_BRANCHES = 50;

  /** A statement with its bound values. */
  record Statement(String sql, Object[] args) {}

  private static final class Where {
    private final List<String> conditions = new ArrayList<>();
    private final List<Object> args = new ArrayList<>();

    void and(String condition, Object... values) {
      conditions.add(condition);
      Collections.addAll(args, values);
    }

    void in(String column, List<Long> ids) {
      List<Long> padded = padded(ids);
      and(column + " IN (" + Rows.marks(padded.size()) + ")", padded.toArray());
    }

    @Override
    public String toString() {
      return String.join(" AND ", conditions);
    }
  }

  private final ListFilter filter;
  private final Sort sort;
  private final boolean descending;

  ListQuery(ListFilter filter, Sort sort, boolean descending) {
    this.filter = filter;
    this.sort = sort;
    this.descending = descending;
  }

  Statement page(int limit, int offset) {
    Statement keys = branched() ? branches(limit, offset) : keys(limit, offset);
    String sql =
        "SELECT "
            + ArticleRepository.COLUMNS
            + " FROM ("
            + keys.sql()
            + ") k STRAIGHT_JOIN articles a ON a.article_id = k.article_id ORDER BY "
            + order("a." + sort.column(), "a.article_id");
    return new Statement(sql, keys.args());
  }

  /** Column total: how many there are, {@link #MOST_COUNTED} + 1 for more. */
  Statement count() {
    Where where = where();
    String sql =
        "SELECT COUNT(*) AS total FROM (SELECT a.article_id FROM "
            + source(where)
            + " WHERE "
            + where
            + " LIMIT "
            + (MOST_COUNTED + 1)
            + ") c";
    return new Statement(sql, where.args.toArray());
  }

  private Statement keys(int limit, int offset) {
    Where where = where();
    String sql =
        "SELECT a.article_id FROM "
            + source(where)
            + " WHERE "
            + where
            + " ORDER BY "
            + order("a." + sort.column(), "a.article_id")
            + " LIMIT ? OFFSET ?";
    return new Statement(sql, plus(where.args, limit, offset));
  }

  /**
   * A subtree in the order of publication: the first keys of each category, then one small sort.
   */
  private Statement branches(int limit, int offset) {
    List<String> branches = new ArrayList<>();
    List<Object> args = new ArrayList<>();
    for (long category : filter.categories().ids()) {
      Where where = new Where();
      where.and("a.category_id = ?", category);
      scope(where);
      details(where);
      branches.add(
          "(SELECT a.article_id, a.listed_at FROM articles a FORCE INDEX (ix_articles_category)"
              + " WHERE "
              + where
              + " ORDER BY "
              + order("a.listed_at", "a.article_id")
              + " LIMIT ?)");
      args.addAll(where.args);
      args.add(limit + offset);
    }
    String sql =
        "SELECT u.article_id FROM ("
            + String.join(" UNION ALL ", branches)
            + ") u ORDER BY "
            + order("u.listed_at", "u.article_id")
            + " LIMIT ? OFFSET ?";
    return new Statement(sql, plus(args, limit, offset));
  }

  private boolean branched() {
    return filter.search() == null
        && filter.authorId() == null
        && filter.status() == null
        && filter.categories() != null
        && !rare(filter.tags())
        && sort == Sort.PUBLISHED_AT
        && filter.categories().ids().size() <= MOST_BRANCHES;
  }

  private static boolean rare(AnyOf ids) {
    return ids != null && ids.articles() <= RARE;
  }

  /** The driving table and index; adds to {@code where} what only this choice needs. */
  private String source(Where where) {
    if (filter.search() != null) {
      where.and("MATCH(s.tokens) AGAINST (? IN BOOLEAN MODE)", filter.search());
      return "article_search s STRAIGHT_JOIN articles a ON a.article_id = s.article_id";
    }
    if (filter.authorId() == null && rare(filter.tags())) {
      List<Long> ids = padded(filter.tags().ids());
      where.args.addAll(0, ids);
      return "(SELECT DISTINCT article_id FROM article_tags WHERE tag_id IN ("
          + Rows.marks(ids.size())
          + ")) x STRAIGHT_JOIN articles a ON a.article_id = x.article_id";
    }
    return "articles a FORCE INDEX (" + index() + ")";
  }

  private String index() {
    boolean byTime = sort == Sort.PUBLISHED_AT;
    if (filter.authorId() != null) {
      return "ix_articles_author";
    }
    if (filter.status() != null) {
      return "ix_articles_status";
    }
    if (rare(filter.categories())) {
      return "ix_articles_category";
    }
    if (Boolean.TRUE.equals(filter.featured())) {
      return "ix_articles_feed_featured";
    }
    if (filter.contentType() != null && (byTime || filter.contentType() != ContentType.ARTICLE)) {
      return "ix_articles_feed_type";
    }
    Visibility visibility = filter.priced() ? Visibility.PAID : filter.visibility();
    if (visibility != null && (byTime || visibility != Visibility.PUBLIC)) {
      return "ix_articles_feed_visibility";
    }
    return sort.feedIndex();
  }

  private Where where() {
    Where where = new Where();
    scope(where);
    if (filter.categories() != null) {
      where.in("a.category_id", filter.categories().ids());
    }
    details(where);
    return where;
  }

  private void scope(Where where) {
    if (filter.authorId() != null) {
      where.and("a.author_id = ?", filter.authorId());
    }
    if (filter.status() != null) {
      where.and("a.status = ? AND a.deleted_at IS NULL", filter.status());
    } else if (filter.authorId() != null) {
      where.and("a.status = ? AND a.live = 1", ArticleStatus.PUBLISHED);
    } else {
      where.and("a.live = 1");
    }
  }

  private void details(Where where) {
    boolean tagsChecked =
        filter.tags() != null
            && (filter.search() != null || filter.authorId() != null || !rare(filter.tags()));
    if (tagsChecked) {
      List<Long> ids = padded(filter.tags().ids());
      where.and(
          "EXISTS (SELECT 1 FROM article_tags t WHERE t.article_id = a.article_id AND t.tag_id IN ("
              + Rows.marks(ids.size())
              + "))",
          ids.toArray());
    }
    if (filter.visibility() != null) {
      where.and("a.visibility = ?", filter.visibility());
    }
    if (filter.contentType() != null) {
      where.and("a.content_type = ?", filter.contentType());
    }
    if (filter.featured() != null) {
      where.and("a.is_featured = ?", filter.featured());
    }
    prices(where);
    if (!filter.hiddenAuthors().isEmpty()) {
      List<Long> ids = padded(filter.hiddenAuthors());
      where.and("a.author_id NOT IN (" + Rows.marks(ids.size()) + ")", ids.toArray());
    }
  }

  /** Only paid articles have a price. */
  private void prices(Where where) {
    if (filter.priced() && filter.visibility() == null) {
      where.and("a.visibility = ?", Visibility.PAID);
    }
    if (filter.priceMinFen() != null) {
      where.and("a.price_fen >= ?", filter.priceMinFen());
    }
    if (filter.priceMaxFen() != null) {
      where.and("a.price_fen <= ?", filter.priceMaxFen());
    }
  }

  private String order(String column, String id) {
    return column + (descending ? " DESC, " : " ASC, ") + id + " DESC";
  }

  private static Object[] plus(List<Object> args, Object... more) {
    List<Object> all = new ArrayList<>(args);
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  /** Repeats the last id up to a power of two: few statement texts for any number of ids. */
  static List<Long> padded(List<Long> ids) {
    int size = Integer.highestOneBit(Math.max(1, 2 * ids.size() - 1));
    List<Long> padded = new ArrayList<>(ids);
    while (padded.size() < size) {
      padded.add(ids.getLast());
    }
    return padded;
  }
}
