package com.sharestack.content;

import com.sharestack.contract.Article;
import com.sharestack.contract.ArticleDetail;
import com.sharestack.contract.ArticleList;
import com.sharestack.contract.ArticlePublishResult;
import com.sharestack.contract.ArticleRefList;
import com.sharestack.contract.ArticleUnpublishResult;
import com.sharestack.contract.ArticleUpdateResult;
import com.sharestack.contract.ArticlesAuthorStatsRequest;
import com.sharestack.contract.ArticlesCreateRequest;
import com.sharestack.contract.ArticlesGetRequest;
import com.sharestack.contract.ArticlesListRequest;
import com.sharestack.contract.ArticlesPublishDueRequest;
import com.sharestack.contract.ArticlesPublishRequest;
import com.sharestack.contract.ArticlesRefsRequest;
import com.sharestack.contract.ArticlesRenderStaleRequest;
import com.sharestack.contract.ArticlesSaleTermsRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.ArticlesUnpublishRequest;
import com.sharestack.contract.ArticlesUpdateRequest;
import com.sharestack.contract.AuthorStats;
import com.sharestack.contract.AuthorStatsList;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PublishDueResult;
import com.sharestack.contract.RenderStaleResult;
import com.sharestack.contract.SaleTermsList;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Operations articles.* of the contract; each is done by the class of its use case. */
final class ArticlesServiceImpl implements ArticlesService {

  private final Store store;
  private final ArticleReader reader;
  private final ArticleLists lists;
  private final ArticleCreator creator;
  private final ArticleEditor editor;
  private final Publication publication;
  private final DuePublication due;
  private final StaleBodies stale;

  ArticlesServiceImpl(
      Store store,
      ArticleReader reader,
      ArticleLists lists,
      ArticleCreator creator,
      ArticleEditor editor,
      Publication publication,
      DuePublication due,
      StaleBodies stale) {
    this.store = store;
    this.reader = reader;
    this.lists = lists;
    this.creator = creator;
    this.editor = editor;
    this.publication = publication;
    this.due = due;
    this.stale = stale;
  }

  @Override
  public Future<ArticleList> list(Caller caller, ArticlesListRequest request) {
    return Future.succeededFuture(lists.list(caller, request));
  }

  @Override
  public Future<Article> create(Caller caller, ArticlesCreateRequest request) {
    return Future.succeededFuture(creator.create(caller, request.body()));
  }

  @Override
  public Future<ArticleDetail> get(Caller caller, ArticlesGetRequest request) {
    return Future.succeededFuture(reader.get(caller, request));
  }

  @Override
  public Future<ArticleUpdateResult> update(Caller caller, ArticlesUpdateRequest request) {
    return Future.succeededFuture(editor.update(caller, request));
  }

  @Override
  public Future<ArticlePublishResult> publish(Caller caller, ArticlesPublishRequest request) {
    return Future.succeededFuture(
        publication.publish(
            caller, request.id(), request.body() == null ? null : request.body().scheduledAt()));
  }

  @Override
  public Future<ArticleUnpublishResult> unpublish(Caller caller, ArticlesUnpublishRequest request) {
    return Future.succeededFuture(
        publication.unpublish(
            caller, request.id(), request.body() == null ? null : request.body().reason()));
  }

  @Override
  public Future<AuthorStatsList> authorStats(Caller caller, ArticlesAuthorStatsRequest request) {
    Map<Long, CountRepository.Author> counts = store.counts().authors(request.body().authorIds());
    return Future.succeededFuture(
        new AuthorStatsList(
            request.body().authorIds().stream()
                .map(id -> stats(id, counts.getOrDefault(id, CountRepository.Author.NONE)))
                .toList()));
  }

  private static AuthorStats stats(long id, CountRepository.Author counts) {
    return new AuthorStats(id, counts.articles(), counts.likes());
  }

  @Override
  public Future<ArticleRefList> refs(Caller caller, ArticlesRefsRequest request) {
    return Future.succeededFuture(
        new ArticleRefList(
            store.articles().findAll(request.body().ids()).stream()
                .map(ArticleViews::ref)
                .toList()));
  }

  @Override
  public Future<SaleTermsList> saleTerms(Caller caller, ArticlesSaleTermsRequest request) {
    List<Long> ids = request.body().ids();
    Map<Long, Integer> days = store.articles().accessDays(ids);
    return Future.succeededFuture(
        new SaleTermsList(
            store.articles().findAll(ids).stream()
                .map(row -> ArticleViews.saleTerms(row, days.getOrDefault(row.id(), 0)))
                .toList()));
  }

  @Override
  public Future<PublishDueResult> publishDue(Caller caller, ArticlesPublishDueRequest request) {
    return Future.succeededFuture(
        new PublishDueResult(due.publish(caller, request.body().limit())));
  }

  @Override
  public Future<RenderStaleResult> renderStale(Caller caller, ArticlesRenderStaleRequest request) {
    return Future.succeededFuture(new RenderStaleResult(stale.render(request.body().limit())));
  }
}
