package com.sharestack.content;

import com.sharestack.content.BodyRepository.Whole;
import com.sharestack.content.Publishing.Candidate;
import com.sharestack.content.Publishing.Decision;
import com.sharestack.content.StatusMachine.Event;
import com.sharestack.content.text.UnrenderableText;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ArticleUpdate;
import com.sharestack.contract.ArticleUpdateResult;
import com.sharestack.contract.ArticlesUpdateRequest;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ContentAccessChangedEvent;
import com.sharestack.contract.ContentUpdatedEvent;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.Visibility;
import com.sharestack.contract.wire.Patch;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.money.Money;
import com.sharestack.platform.service.Callers;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * articles.update: reads, decides outside any transaction, writes if the row is still as it was.
 */
final class ArticleEditor {

  private static final int ATTEMPTS = 3;

  private final Store store;
  private final Renderer renderer;
  private final InputRules inputs;
  private final Publishing publishing;
  private final Db db;
  private final Outbox outbox;
  private final Clock clock;

  ArticleEditor(
      Store store,
      Renderer renderer,
      InputRules inputs,
      Publishing publishing,
      Db db,
      Outbox outbox,
      Clock clock) {
    this.store = store;
    this.renderer = renderer;
    this.inputs = inputs;
    this.publishing = publishing;
    this.db = db;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Everything that will be written. */
  private record Plan(
      Whole before,
      Edit edit,
      Rendering text,
      List<ArticleStatus> path,
      Long fingerprint,
      int version) {

    ArticleRow row() {
      return before.article();
    }

    String shownExcerpt() {
      return edit.excerptAuthored() || text == null ? edit.excerpt() : text.excerpt();
    }

    ArticleStatus status() {
      return path.isEmpty() ? row().status() : path.getLast();
    }
  }

  ArticleUpdateResult update(Caller caller, ArticlesUpdateRequest request) {
    ArticleUpdate body = request.body() == null ? ArticleUpdate.builder().build() : request.body();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Whole before = store.bodies().whole(request.id()).orElseThrow(Visible::notFound);
      Ownership.require(caller, before.article(), "update");
      Optional<ArticleUpdateResult> result = attempt(caller, before, body);
      if (result.isPresent()) {
        return result.get();
      }
    }
    throw Errors.of(ErrorCode.CONFLICT, "reason", "EDIT_CONFLICT");
  }

  /** Empty when somebody else wrote the row in between. */
  private Optional<ArticleUpdateResult> attempt(Caller caller, Whole before, ArticleUpdate body) {
    ArticleRow row = before.article();
    Integer expected = Patch.orElse(body.expectedVersion(), null);
    if (expected != null && expected != row.version()) {
      throw Errors.of(
          ErrorCode.CONFLICT, "reason", "EDIT_CONFLICT", "current_version", row.version());
    }
    List<String> wanted = body.tags() == null ? null : InputRules.tags(body.tags().value());
    List<String> tags = store.tags().namesOf(db, row.id());
    Edit edit = Edit.of(row, before.body().content(), tags, body, wanted);
    check(edit, body);
    if (edit.nothing()) {
      return Optional.of(result(row.id(), List.of(), row.updatedAt(), row.version(), row.status()));
    }
    Plan plan = plan(caller, before, edit);
    Instant now = clock.instant();
    try {
      boolean written = db.tx(tx -> write(tx, caller, plan, body, now));
      return written
          ? Optional.of(result(row.id(), edit.fields(), now, plan.version(), plan.status()))
          : Optional.empty();
    } catch (DuplicateKeyException taken) {
      throw taken.index().equals("uk_articles_custom_url") ? HistoryRepository.slugTaken() : taken;
    }
  }

  private void check(Edit edit, ArticleUpdate body) {
    InputRules.references(
        Patch.orElse(body.mediaFileId(), null),
        Patch.orElse(body.attachmentIds(), null),
        Patch.orElse(body.chapters(), null),
        null);
    if (edit.has("title")) {
      InputRules.title(edit.title());
    }
    if (edit.has("content")) {
      InputRules.content(edit.content());
    }
    InputRules.slug(Patch.orElse(body.customUrl(), null));
    InputRules.canonicalUrl(Patch.orElse(body.canonicalUrl(), null));
    inputs.image("cover_image", Patch.orElse(body.coverImage(), null));
    inputs.image("og_image", Patch.orElse(body.ogImage(), null));
    if (edit.has("category_id")) {
      inputs.category(edit.categoryId());
    }
    InputRules.price(edit.visibility(), edit.priceFen(), edit.includedInSubscription());
    if (edit.has("tags")) {
      publishing.requireDecentTags(edit.tags());
    }
  }

  private Plan plan(Caller caller, Whole before, Edit edit) {
    ArticleRow row = before.article();
    boolean judged = row.published() && edit.moderated();
    Rendering text = edit.rendered() || judged ? render(edit, row) : null;
    List<ArticleStatus> path =
        row.status() == ArticleStatus.REJECTED
            ? StatusMachine.path(row.status(), Event.REVISE)
            : List.of();
    Long fingerprint = null;
    if (judged) {
      Decision decision = publishing.decide(caller, candidate(row, edit, text), Event.PUBLISH);
      fingerprint = decision.fingerprint();
      path =
          decision.event() == Event.HOLD ? StatusMachine.path(row.status(), Event.HOLD) : List.of();
    } else if (row.status() == ArticleStatus.SCHEDULED && edit.visibility() != Visibility.PUBLIC) {
      publishing.requireCertified(caller, row.authorId());
    }
    int version = row.version() + (edit.text() ? 1 : 0);
    return new Plan(before, edit, text, path, fingerprint, version);
  }

  private Rendering render(Edit edit, ArticleRow row) {
    try {
      return renderer.render(edit.content(), edit.format(), edit.visibility(), row.preview());
    } catch (UnrenderableText broken) {
      throw Renderer.refusal(broken);
    }
  }

  private static Candidate candidate(ArticleRow row, Edit edit, Rendering text) {
    return new Candidate(
        row.id(),
        row.authorId(),
        edit.title(),
        edit.excerptAuthored() ? edit.excerpt() : "",
        edit.tags(),
        text,
        edit.visibility(),
        edit.categoryId(),
        false);
  }

  private boolean write(Tx tx, Caller caller, Plan plan, ArticleUpdate body, Instant now) {
    ArticleRow row = plan.row();
    Edit edit = plan.edit();
    if (!store.articles().update(tx, row.id(), row.revision(), columns(plan, now))) {
      return false;
    }
    if (edit.has("custom_url") && edit.columns().get("custom_url") != null) {
      store.history().takeSlug(tx, (String) edit.columns().get("custom_url"), row.id(), now);
    }
    if (row.published() && plan.status() != ArticleStatus.PUBLISHED) {
      store.bodies().keepPublished(tx, row.id());
    }
    if (edit.has("tags")) {
      store.tags().replace(tx, row.id(), edit.tags(), caller.userId(), now);
    }
    if (edit.text()) {
      store.history().addVersion(tx, version(caller, plan, body), now);
    }
    move(tx, caller, plan, now);
    if (plan.text() != null) {
      store.bodies().save(tx, row.id(), plan.version(), edit.content(), plan.text(), now);
      store
          .index()
          .index(
              tx,
              row.id(),
              row.authorId(),
              String.join("\n", edit.title(), plan.shownExcerpt(), plan.text().searchable()));
    }
    publish(tx, caller, plan, now);
    return true;
  }

  private static Map<String, Object> columns(Plan plan, Instant now) {
    ArticleRow row = plan.row();
    Edit edit = plan.edit();
    Map<String, Object> columns = new LinkedHashMap<>(edit.columns());
    columns.put("updated_at", now);
    if (plan.text() != null) {
      columns.put("title", edit.title());
      columns.put("content_format", edit.format());
      columns.put("excerpt", plan.shownExcerpt());
      columns.put("excerpt_generated", !edit.excerptAuthored());
      columns.put("word_count", plan.text().words());
      columns.put("reading_minutes", plan.text().minutes());
      columns.put("current_version", plan.version());
    }
    if (!plan.path().isEmpty()) {
      columns.putAll(
          Transitions.columns(
              plan.status(), row.publishedAt(), plan.version(), row.scheduledAt(), now));
    } else if (row.published()) {
      columns.put("published_version", plan.version());
    }
    return columns;
  }

  private void move(Tx tx, Caller caller, Plan plan, Instant now) {
    ArticleRow row = plan.row();
    boolean held = plan.status() == ArticleStatus.PENDING_REVIEW && !plan.path().isEmpty();
    boolean counts = row.published() && (plan.text() != null || plan.edit().has("category_id"));
    if (plan.path().isEmpty() && !counts) {
      return;
    }
    Transitions.Move move =
        new Transitions.Move(
            row.id(),
            row.authorId(),
            plan.edit().title(),
            row.status(),
            plan.path(),
            row.categoryId(),
            plan.edit().categoryId(),
            row.authorHidden(),
            row.counters().likes(),
            false,
            plan.fingerprint(),
            held ? null : caller.userId(),
            held ? "moderation" : cause(caller, row),
            held ? "修改后的内容需要人工审核" : null);
    store.transitions().apply(tx, move, now);
  }

  private static String cause(Caller caller, ArticleRow row) {
    return Callers.isUser(caller, row.authorId()) ? "author" : "staff";
  }

  private static HistoryRepository.Version version(Caller caller, Plan plan, ArticleUpdate body) {
    Edit edit = plan.edit();
    String noted = Patch.orElse(body.changesSummary(), null);
    return new HistoryRepository.Version(
        plan.row().id(),
        plan.version(),
        "update",
        edit.title(),
        plan.shownExcerpt(),
        edit.content(),
        edit.format().literal(),
        plan.text().plain(),
        plan.text().words(),
        noted == null || noted.isBlank() ? edit.summary(plan.before().body().content()) : noted,
        HistoryRepository.metadata(
            edit.tags(),
            edit.categoryId(),
            edit.visibility(),
            edit.priceFen(),
            (String) edit.columns().getOrDefault("seo_title", plan.row().seo().title()),
            (String)
                edit.columns().getOrDefault("seo_description", plan.row().seo().description())),
        caller.userId());
  }

  private void publish(Tx tx, Caller caller, Plan plan, Instant now) {
    ArticleRow row = plan.row();
    Edit edit = plan.edit();
    outbox.publish(
        tx,
        EventTopic.CONTENT_UPDATED,
        ContentUpdatedEvent.builder()
            .articleId(row.id())
            .actorId(caller.userId())
            .authorId(row.authorId())
            .updatedFields(edit.fields())
            .version(plan.version())
            .at(now)
            .build());
    if (edit.access()) {
      outbox.publish(
          tx,
          EventTopic.CONTENT_ACCESS_CHANGED,
          ContentAccessChangedEvent.builder()
              .articleId(row.id())
              .actorId(caller.userId())
              .authorId(row.authorId())
              .visibility(edit.visibility())
              .price(Money.ofFen(edit.priceFen()))
              .includedInSubscription(edit.includedInSubscription())
              .at(now)
              .build());
    }
  }

  private static ArticleUpdateResult result(
      long id, List<String> fields, Instant at, int version, ArticleStatus status) {
    String message =
        fields.isEmpty()
            ? "内容没有变化"
            : status == ArticleStatus.PENDING_REVIEW ? "修改已保存，等待审核" : "文章已更新";
    return ArticleUpdateResult.builder()
        .message(message)
        .articleId(id)
        .updatedFields(fields)
        .updatedAt(at)
        .version(version)
        .status(status)
        .build();
  }
}
