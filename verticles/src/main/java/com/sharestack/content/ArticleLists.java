package com.sharestack.content;

import com.sharestack.content.Entitlements.Verdict;
import com.sharestack.content.ListFilter.Sort;
import com.sharestack.contract.ArticleList;
import com.sharestack.contract.ArticleListItem;
import com.sharestack.contract.ArticlesListRequest;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Pagination;
import com.sharestack.contract.UserCard;
import com.sharestack.platform.cache.LocalCache;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * articles.list. A page costs the same number of statements and calls whatever its length; bodies
 * are never read.
 */
final class ArticleLists {

  private static final Logger LOG = LoggerFactory.getLogger(ArticleLists.class);
  private static final Duration TOTALS_KEPT = Duration.ofMinutes(5);

  private final ListRepository lists;
  private final ListFilters filters;
  private final TagRepository tags;
  private final Categories categories;
  private final Authors authors;
  private final AuthorVisibility authorVisibility;
  private final Entitlements entitlements;
  private final LocalCache<ListFilter, Long> totals;

  ArticleLists(
      ListRepository lists,
      ListFilters filters,
      TagRepository tags,
      Categories categories,
      Authors authors,
      AuthorVisibility authorVisibility,
      Entitlements entitlements,
      Clock clock) {
    this.lists = lists;
    this.filters = filters;
    this.tags = tags;
    this.categories = categories;
    this.authors = authors;
    this.authorVisibility = authorVisibility;
    this.entitlements = entitlements;
    this.totals = LocalCache.ofEntries(clock, TOTALS_KEPT, 2_000);
  }

  ArticleList list(Caller caller, ArticlesListRequest request) {
    Optional<ListFilter> filter = filters.read(caller, request);
    if (filter.isEmpty()) {
      return new ArticleList(List.of(), pagination(request, 0));
    }
    Sort sort = Sort.valueOf(request.sort().toUpperCase(Locale.ROOT));
    ListQuery query = new ListQuery(filter.get(), sort, request.order().equals("desc"));
    int offset = (request.page() - 1) * request.limit();
    List<ArticleRow> rows = lists.page(query, request.limit(), offset);
    long total = total(filter.get(), query, request, offset, rows.size());
    return new ArticleList(items(caller, rows), pagination(request, total));
  }

  /** A page that is not full tells the total itself; an author's own lists are counted afresh. */
  private long total(
      ListFilter filter, ListQuery query, ArticlesListRequest request, int offset, int found) {
    if (found < request.limit() && (found > 0 || offset == 0)) {
      return offset + found;
    }
    boolean own = filter.status() != null;
    long known =
        (own ? Optional.<Long>empty() : totals.get(filter)).orElseGet(() -> counted(filter, query));
    return Math.max(known, offset + found);
  }

  private long counted(ListFilter filter, ListQuery query) {
    long total = lists.count(query);
    totals.put(filter, total);
    return total;
  }

  private List<ArticleListItem> items(Caller caller, List<ArticleRow> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Viewer viewer = Viewer.of(caller);
    Map<Long, UserCard> cards =
        authors.cards(caller, rows.stream().map(ArticleRow::authorId).toList());
    rows.stream()
        .collect(Collectors.toMap(ArticleRow::authorId, row -> row, (one, same) -> one))
        .forEach((author, row) -> authorVisibility.check(row, cards.get(author)));
    List<ArticleRow> shown =
        rows.stream().filter(row -> shown(viewer, row, cards.get(row.authorId()))).toList();
    Map<Long, List<String>> names = tags.namesOf(shown.stream().map(ArticleRow::id).toList());
    Map<Long, Verdict> verdicts = verdicts(caller, viewer, shown);
    CategoryTree tree = categories.tree();
    return shown.stream()
        .map(
            row ->
                ArticleViews.item(
                    row,
                    names.getOrDefault(row.id(), List.of()),
                    tree.ref(row.categoryId()),
                    cards.get(row.authorId()),
                    viewer.staff() || viewer.wrote(row),
                    locked(row, verdicts.get(row.id()))))
        .toList();
  }

  private static boolean shown(Viewer viewer, ArticleRow row, UserCard card) {
    return card != null && (viewer.staff() || viewer.wrote(row) || Authors.shown(card));
  }

  /** While billing is away a list still shows its public rows; what is gated counts as locked. */
  private Map<Long, Verdict> verdicts(Caller caller, Viewer viewer, List<ArticleRow> rows) {
    try {
      return entitlements.decide(caller, viewer, rows);
    } catch (RuntimeException away) {
      LOG.warn("gated rows are listed as locked: {}", away.toString());
      return Map.of();
    }
  }

  private static boolean locked(ArticleRow row, Verdict verdict) {
    return verdict == null ? row.gated() : !verdict.access().allowed();
  }

  private static Pagination pagination(ArticlesListRequest request, long total) {
    return new Pagination(
        request.page(), request.limit(), total, Math.ceilDiv(total, request.limit()));
  }
}
