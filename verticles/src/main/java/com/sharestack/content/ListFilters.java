package com.sharestack.content;

import com.sharestack.content.CategoryRepository.CategoryRow;
import com.sharestack.content.ListFilter.AnyOf;
import com.sharestack.content.TagRepository.Tag;
import com.sharestack.content.text.SearchTokens;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ArticlesListRequest;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.UserCard;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the query of articles.list: who may ask for what, and which ids the words mean. */
final class ListFilters {

  private static final int MOST_TAGS = 10;
  private static final int DEEPEST = 10_000;

  private final Authors authors;
  private final Categories categories;
  private final TagRepository tags;

  ListFilters(Authors authors, Categories categories, TagRepository tags) {
    this.authors = authors;
    this.categories = categories;
    this.tags = tags;
  }

  /** Empty when nothing can match, such as an unknown category. */
  Optional<ListFilter> read(Caller caller, ArticlesListRequest request) {
    check(request);
    Viewer viewer = Viewer.of(caller);
    Optional<Long> author = author(caller, request.author());
    boolean own = author.isPresent() && author.get().equals(caller.userId());
    ArticleStatus status = status(request, viewer, own);
    Optional<AnyOf> category = category(request.category(), viewer);
    Optional<AnyOf> tagged = tagged(request.tags());
    String search = request.search() == null ? null : SearchTokens.query(request.search());
    boolean nothing =
        (request.author() != null && author.isEmpty())
            || (request.category() != null && category.isEmpty())
            || (request.tags() != null && tagged.isEmpty())
            || (search != null && search.isEmpty());
    if (nothing) {
      return Optional.empty();
    }
    return Optional.of(
        new ListFilter(
            status,
            author.orElse(null),
            category.orElse(null),
            tagged.orElse(null),
            request.visibility(),
            request.contentType(),
            request.featured(),
            fen(request.priceMin()),
            fen(request.priceMax()),
            search,
            own ? List.of() : authors.hiddenFrom(caller)));
  }

  private static void check(ArticlesListRequest request) {
    if ((long) request.page() * request.limit() > DEEPEST) {
      throw Errors.invalid("page", "翻页过深，page 与 limit 的乘积不能超过 " + DEEPEST);
    }
    BigDecimal min = request.priceMin();
    BigDecimal max = request.priceMax();
    if (min != null && max != null && min.compareTo(max) > 0) {
      throw Errors.invalid("price_min", "最低价格不能高于最高价格");
    }
  }

  private Optional<Long> author(Caller caller, String author) {
    if (author == null) {
      return Optional.empty();
    }
    if (author.equals("me")) {
      if (caller.userId() == null) {
        throw Errors.of(ErrorCode.UNAUTHORIZED);
      }
      return Optional.of(caller.userId());
    }
    return author.matches("[0-9]{1,16}")
        ? Optional.of(Long.parseLong(author))
        : authors.named(caller, author).map(UserCard::userId);
  }

  /** Null for what everybody sees; an author sees his own rows also while they are hidden. */
  private static ArticleStatus status(ArticlesListRequest request, Viewer viewer, boolean own) {
    ArticleStatus asked = request.status() == null ? ArticleStatus.PUBLISHED : request.status();
    if (own) {
      return asked;
    }
    if (asked == ArticleStatus.PUBLISHED) {
      return null;
    }
    if (!viewer.staff()) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "STATUS_FILTER");
    }
    return asked;
  }

  private Optional<AnyOf> category(String word, Viewer viewer) {
    if (word == null) {
      return Optional.empty();
    }
    CategoryTree tree = categories.tree();
    return tree.find(word)
        .filter(row -> viewer.staff() || tree.open(row))
        .map(
            root -> {
              List<CategoryRow> rows =
                  tree.subtree(root).stream()
                      .filter(row -> viewer.staff() || tree.open(row))
                      .toList();
              return new AnyOf(
                  rows.stream().map(CategoryRow::id).toList(),
                  rows.stream().mapToLong(CategoryRow::articles).sum());
            });
  }

  private Optional<AnyOf> tagged(String words) {
    if (words == null) {
      return Optional.empty();
    }
    List<String> names =
        Arrays.stream(words.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
    if (names.size() > MOST_TAGS) {
      throw Errors.invalid("tags", "最多按 " + MOST_TAGS + " 个标签筛选");
    }
    if (names.isEmpty()) {
      return Optional.empty();
    }
    List<Tag> found = tags.find(names);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AnyOf(
                found.stream().map(Tag::id).toList(), found.stream().mapToLong(Tag::usage).sum()));
  }

  private static Long fen(BigDecimal yuan) {
    return yuan == null ? null : Money.toFen(yuan);
  }
}
