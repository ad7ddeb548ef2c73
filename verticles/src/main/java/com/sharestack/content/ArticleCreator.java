package com.sharestack.content;

import com.sharestack.content.ArticleRepository.Replay;
import com.sharestack.content.Publishing.Candidate;
import com.sharestack.content.Publishing.Decision;
import com.sharestack.content.StatusMachine.Event;
import com.sharestack.content.text.UnrenderableText;
import com.sharestack.contract.Article;
import com.sharestack.contract.ArticleCreate;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ContentCreatedEvent;
import com.sharestack.contract.ContentFormat;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.money.Money;
import io.vertx.core.json.JsonArray;
import io.vertx.serviceproxy.ServiceException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** articles.create. */
final class ArticleCreator {

  private static final ArticleRow.Preview DEFAULT_PREVIEW =
      new ArticleRow.Preview("percent", 20, 60, true);

  private final Store store;
  private final Renderer renderer;
  private final InputRules inputs;
  private final Publishing publishing;
  private final Authors authors;
  private final Categories categories;
  private final Details details;
  private final ArticleViews views;
  private final Db db;
  private final Outbox outbox;
  private final Clock clock;

  ArticleCreator(
      Store store,
      Renderer renderer,
      InputRules inputs,
      Publishing publishing,
      Authors authors,
      Categories categories,
      Details details,
      ArticleViews views,
      Db db,
      Outbox outbox,
      Clock clock) {
    this.store = store;
    this.renderer = renderer;
    this.inputs = inputs;
    this.publishing = publishing;
    this.authors = authors;
    this.categories = categories;
    this.details = details;
    this.views = views;
    this.db = db;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** A checked request. */
  private record Draft(
      ArticleCreate body,
      Visibility visibility,
      ContentFormat format,
      Long priceFen,
      String excerpt,
      List<String> tags,
      Rendering text) {

    String shownExcerpt() {
      return excerpt.isEmpty() ? text.excerpt() : excerpt;
    }
  }

  Article create(Caller caller, ArticleCreate body) {
    Optional<Article> replayed = replay(caller);
    if (replayed.isPresent()) {
      return replayed.get();
    }
    Instant now = clock.instant();
    Draft draft = check(body, now);
    UserCard author = author(caller);
    Optional<Event> wanted = wanted(body);
    Optional<Decision> decision = wanted.map(event -> decide(caller, draft, event));
    ArticleStatus status =
        decision
            .flatMap(made -> StatusMachine.next(ArticleStatus.DRAFT, made.event()))
            .orElse(ArticleStatus.DRAFT);
    long fingerprint = decision.map(Decision::fingerprint).orElse(0L);
    try {
      return answer(
          db.tx(tx -> insert(tx, caller, draft, status, fingerprint, !Authors.shown(author), now)),
          author);
    } catch (DuplicateKeyException taken) {
      if (taken.index().equals("uk_articles_idempotency")) {
        return replay(caller).orElseThrow(() -> taken);
      }
      throw taken.index().equals("uk_articles_custom_url") ? HistoryRepository.slugTaken() : taken;
    }
  }

  private Draft check(ArticleCreate body, Instant now) {
    ContentType type = body.contentType() == null ? ContentType.ARTICLE : body.contentType();
    if (type != ContentType.ARTICLE && body.mediaFileId() == null) {
      throw Errors.invalid("media_file_id", "音频、视频和文档必须关联媒体文件");
    }
    InputRules.references(
        body.mediaFileId(), body.attachmentIds(), body.chapters(), body.seriesId());
    InputRules.title(body.title());
    InputRules.content(body.content());
    InputRules.schedule(body.scheduledAt(), now);
    InputRules.slug(body.customUrl());
    InputRules.canonicalUrl(body.canonicalUrl());
    inputs.image("cover_image", body.coverImage());
    inputs.image("og_image", body.ogImage());
    inputs.category(body.categoryId());
    Visibility visibility = body.visibility() == null ? Visibility.PUBLIC : body.visibility();
    Long priceFen = body.price() == null ? null : Long.valueOf(Money.toFen(body.price()));
    InputRules.price(visibility, priceFen, body.includedInSubscription());
    List<String> tags = InputRules.tags(body.tags());
    publishing.requireDecentTags(tags);
    ContentFormat format =
        body.contentFormat() == null ? ContentFormat.MARKDOWN : body.contentFormat();
    String excerpt = body.excerpt() == null ? "" : body.excerpt().strip();
    return new Draft(
        body,
        visibility,
        format,
        priceFen,
        excerpt,
        tags,
        render(body.content(), format, visibility));
  }

  private Rendering render(String content, ContentFormat format, Visibility visibility) {
    try {
      return renderer.render(content, format, visibility, DEFAULT_PREVIEW);
    } catch (UnrenderableText broken) {
      throw Renderer.refusal(broken);
    }
  }

  private UserCard author(Caller caller) {
    return authors
        .card(caller, caller.userId())
        .orElseThrow(() -> Errors.of(ErrorCode.FORBIDDEN, "reason", "NOT_A_CREATOR"));
  }

  /** Published with or without a time, or a time without a status, means to publish. */
  private static Optional<Event> wanted(ArticleCreate body) {
    boolean timed = body.scheduledAt() != null;
    if ("published".equals(body.status())) {
      return Optional.of(timed ? Event.SCHEDULE : Event.PUBLISH);
    }
    return timed && body.status() == null ? Optional.of(Event.SCHEDULE) : Optional.empty();
  }

  /** A copy handed in as new is spam here; everywhere else it is a failed moderation. */
  private Decision decide(Caller caller, Draft draft, Event wanted) {
    Candidate candidate =
        new Candidate(
            0,
            caller.userId(),
            draft.body().title(),
            draft.excerpt(),
            draft.tags(),
            draft.text(),
            draft.visibility(),
            draft.body().categoryId(),
            true);
    try {
      return publishing.decide(caller, candidate, wanted);
    } catch (ServiceException refused) {
      boolean copy =
          new JsonArray()
              .add("duplicate")
              .equals(refused.getDebugInfo().getJsonArray("matched_rules"));
      throw copy ? Errors.of(ErrorCode.SPAM_DETECTED, "reason", "DUPLICATE") : refused;
    }
  }

  private long insert(
      Tx tx,
      Caller caller,
      Draft draft,
      ArticleStatus status,
      long fingerprint,
      boolean authorHidden,
      Instant now) {
    ArticleCreate body = draft.body();
    Map<String, Object> columns = columns(caller, draft, status, now);
    columns.put("author_hidden", authorHidden);
    long id = store.articles().insert(tx, columns);
    if (body.customUrl() != null) {
      store.history().takeSlug(tx, body.customUrl(), id, now);
    }
    store.bodies().save(tx, id, 1, body.content(), draft.text(), now);
    store.tags().replace(tx, id, draft.tags(), caller.userId(), now);
    store.history().addVersion(tx, version(id, caller, draft), now);
    store
        .transitions()
        .apply(
            tx,
            new Transitions.Move(
                id,
                caller.userId(),
                body.title(),
                null,
                List.of(status),
                null,
                body.categoryId(),
                authorHidden,
                0,
                status == ArticleStatus.PUBLISHED,
                fingerprint,
                caller.userId(),
                "author",
                null),
            now);
    store
        .index()
        .index(
            tx,
            id,
            caller.userId(),
            String.join("\n", body.title(), draft.shownExcerpt(), draft.text().searchable()));
    outbox.publish(
        tx,
        EventTopic.CONTENT_CREATED,
        new ContentCreatedEvent(id, caller.userId(), caller.userId(), status, now));
    return id;
  }

  private static Map<String, Object> columns(
      Caller caller, Draft draft, ArticleStatus status, Instant now) {
    ArticleCreate body = draft.body();
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("author_id", caller.userId());
    columns.put("visibility", draft.visibility());
    columns.put("content_type", ContentType.ARTICLE);
    columns.put("content_format", draft.format());
    columns.put("category_id", body.categoryId());
    columns.put("title", body.title());
    columns.put("excerpt", draft.shownExcerpt());
    columns.put("excerpt_generated", draft.excerpt().isEmpty());
    columns.put("cover_image", body.coverImage());
    columns.put("custom_url", body.customUrl());
    columns.put("price_fen", draft.priceFen());
    columns.put("included_in_subscription", body.includedInSubscription());
    columns.put("allow_comments", body.allowComments());
    columns.put("comment_review", body.commentReview());
    columns.put("seo_title", body.seoTitle());
    columns.put("seo_description", body.seoDescription());
    columns.put("seo_keywords", body.seoKeywords());
    columns.put("canonical_url", body.canonicalUrl());
    columns.put("robots", body.robots());
    columns.put("og_image", body.ogImage());
    columns.put("word_count", draft.text().words());
    columns.put("reading_minutes", draft.text().minutes());
    columns.put("current_version", 1);
    columns.put("created_at", now);
    columns.put("updated_at", now);
    columns.putAll(Transitions.columns(status, null, 1, body.scheduledAt(), now));
    if (caller.idempotencyKey() != null) {
      columns.put("idempotency_key", caller.idempotencyKey());
      columns.put("request_hash", HexFormat.of().parseHex(caller.requestHash()));
    }
    return columns;
  }

  private static HistoryRepository.Version version(long id, Caller caller, Draft draft) {
    return new HistoryRepository.Version(
        id,
        1,
        "create",
        draft.body().title(),
        draft.shownExcerpt(),
        draft.body().content(),
        draft.format().literal(),
        draft.text().plain(),
        draft.text().words(),
        "创建文章",
        HistoryRepository.metadata(
            draft.tags(),
            draft.body().categoryId(),
            draft.visibility(),
            draft.priceFen(),
            draft.body().seoTitle(),
            draft.body().seoDescription()),
        caller.userId());
  }

  private Article answer(long id, UserCard author) {
    Details.Detail detail = details.find(id).orElseThrow(Visible::notFound);
    return views.own(detail, categories.tree().ref(detail.article().categoryId()), author);
  }

  /**
   * The same key again: the article as it is now, or a conflict when the request is another one.
   */
  private Optional<Article> replay(Caller caller) {
    if (caller.idempotencyKey() == null) {
      return Optional.empty();
    }
    Optional<Replay> made = store.articles().findByKey(caller.userId(), caller.idempotencyKey());
    if (made.isPresent() && !made.get().requestHash().equals(caller.requestHash())) {
      throw Errors.of(ErrorCode.IDEMPOTENCY_CONFLICT);
    }
    return made.map(replay -> answer(replay.id(), author(caller)));
  }
}
