package com.sharestack.content;

import static com.sharestack.content.ContentNode.NOVICE;
import static com.sharestack.content.ContentNode.READER;
import static com.sharestack.content.ContentNode.WRITER;
import static com.sharestack.content.ContentNode.anonymous;
import static com.sharestack.content.ContentNode.caller;
import static com.sharestack.content.ContentNode.draft;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sharestack.contract.AccessCheckRequest;
import com.sharestack.contract.AccessDecideQuery;
import com.sharestack.contract.AccessDecideRequest;
import com.sharestack.contract.ArticleRefsQuery;
import com.sharestack.contract.ArticleUpdate;
import com.sharestack.contract.ArticlesAuthorStatsRequest;
import com.sharestack.contract.ArticlesGetRequest;
import com.sharestack.contract.ArticlesPublishRequest;
import com.sharestack.contract.ArticlesRefsRequest;
import com.sharestack.contract.ArticlesUnpublishRequest;
import com.sharestack.contract.ArticlesUpdateRequest;
import com.sharestack.contract.AuthorStatsQuery;
import com.sharestack.contract.Caller;
import com.sharestack.contract.CategoriesListRequest;
import com.sharestack.contract.TrialGetRequest;
import com.sharestack.contract.Visibility;
import com.sharestack.contract.wire.Patch;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;
import io.vertx.serviceproxy.ServiceException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Words that stand only in paid parts must not come out anywhere for those who are not entitled: no
 * answer, no failure, no search, no log.
 */
class CanaryTest {

  private static final String CANARY = "金丝雀";
  private static final List<String> WORDS =
      List.of(CANARY, "canaryword", "canarycode", "canary-heading", "canarylink");

  private static ContentNode content;
  private static ListAppender<ILoggingEvent> log;
  private static final List<Long> ARTICLES = new ArrayList<>();

  @BeforeAll
  static void plant() {
    log = new ListAppender<>();
    log.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.DEBUG);
    root.addAppender(log);
    content = new ContentNode("canary");
    for (Visibility visibility : List.of(Visibility.SUBSCRIBERS, Visibility.PAID)) {
      BigDecimal price = visibility == Visibility.PAID ? new BigDecimal("9.90") : null;
      ARTICLES.add(
          content
              .published(
                  WRITER,
                  draft("公开的标题" + visibility, paid("直接发布" + visibility))
                      .visibility(visibility)
                      .price(price))
              .articleId());
      long turned =
          content
              .published(WRITER, draft("先公开" + visibility, paid("先公开" + visibility)))
              .articleId();
      content.update(
          caller(WRITER),
          turned,
          ArticleUpdate.builder()
              .visibility(Patch.of(visibility))
              .price(price == null ? null : Patch.of(price)));
      ARTICLES.add(turned);
      long edited =
          content
              .published(
                  WRITER,
                  draft("先短后长" + visibility, "先短后长的正文" + visibility)
                      .visibility(visibility)
                      .price(price))
              .articleId();
      content.update(
          caller(WRITER),
          edited,
          ArticleUpdate.builder().content(Patch.of(paid("后来加长" + visibility))));
      ARTICLES.add(edited);
    }
  }

  @AfterAll
  static void stop() {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
    content.close();
  }

  private static String paid(String about) {
    return "# 开头 "
        + about
        + "\n\n免费的第一段，介绍"
        + about
        + "。\n\n"
        + ContentNode.filler(80)
        + "\n\n"
        + ContentNode.filler(400)
        + "\n\n"
        + "## canary-heading 小节\n\n秘密的"
        + CANARY
        + "藏在这里，还有 canaryword。\n\n"
        + "```\ncanarycode\n```\n\n[链接][x]\n\n[x]: https://example.com/canarylink\n";
  }

  /** Every operation, as one who is not entitled; failures count as answers. */
  private static List<String> answers(Caller caller) {
    List<Supplier<Future<? extends Record>>> calls = new ArrayList<>();
    for (long id : ARTICLES) {
      calls.add(() -> content.articles().get(caller, new ArticlesGetRequest(id, true, true)));
      calls.add(() -> content.articles().get(caller, new ArticlesGetRequest(id, false, true)));
      calls.add(() -> content.trial().get(caller, new TrialGetRequest(id)));
      for (String permission : List.of("view", "comment", "share", "download")) {
        calls.add(
            () -> content.access().check(caller, new AccessCheckRequest(id, permission, null)));
      }
      calls.add(
          () ->
              content
                  .access()
                  .decide(
                      Callers.system("x"),
                      new AccessDecideRequest(new AccessDecideQuery(caller.userId(), id))));
      calls.add(
          () ->
              content
                  .articles()
                  .update(
                      caller,
                      new ArticlesUpdateRequest(
                          id, ArticleUpdate.builder().title(Patch.of("改")).build())));
      calls.add(() -> content.articles().publish(caller, new ArticlesPublishRequest(id, null)));
      calls.add(() -> content.articles().unpublish(caller, new ArticlesUnpublishRequest(id, null)));
    }
    calls.add(
        () ->
            content
                .articles()
                .refs(
                    Callers.system("x"), new ArticlesRefsRequest(new ArticleRefsQuery(ARTICLES))));
    calls.add(
        () ->
            content
                .articles()
                .authorStats(
                    Callers.system("x"),
                    new ArticlesAuthorStatsRequest(new AuthorStatsQuery(List.of(WRITER)))));
    calls.add(
        () -> content.categories().list(caller, new CategoriesListRequest(null, true, "active")));
    for (String sort : List.of("created_at", "updated_at", "published_at", "views", "likes")) {
      calls.add(() -> content.articles().list(caller, ContentNode.all().sort(sort).build()));
    }
    return calls.stream().map(CanaryTest::answer).toList();
  }

  private static String answer(Supplier<Future<? extends Record>> call) {
    return content.node.await(
        () -> {
          try {
            return Wire.text(call.get().await());
          } catch (ServiceException refused) {
            return refused.getMessage() + refused.getDebugInfo().encode();
          }
        });
  }

  @Test
  void noAnswerHoldsAPaidWordForStrangers() {
    content.subscribe(NOVICE, WRITER, false, null);
    for (Caller caller : List.of(anonymous(), caller(READER))) {
      List<String> answers = answers(caller);
      assertTrue(answers.stream().anyMatch(answer -> answer.contains("免费的第一段")));
      answers.forEach(CanaryTest::assertClean);
    }
    // A free plan opens what is for subscribers, not what is paid.
    ARTICLES.subList(3, 6).forEach(id -> assertClean(Wire.text(content.get(caller(NOVICE), id))));
  }

  private static void assertClean(String text) {
    for (String word : WORDS) {
      assertFalse(text.contains(word), () -> word + " in " + text);
    }
  }

  @Test
  void searchFindsNoArticleByAPaidWord() {
    for (String word : List.of(CANARY, "canaryword", "canarycode")) {
      for (Caller caller : List.of(anonymous(), caller(READER))) {
        var found = content.list(caller, ContentNode.all().search(word));
        assertEquals(List.of(), found.articles());
        assertEquals(0, found.pagination().total());
      }
    }
    assertFalse(content.list(anonymous(), ContentNode.all().search("免费的第一段")).articles().isEmpty());
  }

  @Test
  void theEntitledDoReadThem() {
    content.subscribe(77, WRITER, true, null);
    content.user(77, false);
    for (long id : ARTICLES) {
      assertTrue(content.get(caller(77), id).contentHtml().contains(CANARY));
    }
  }

  @Test
  void noLogLineHoldsAPaidWord() {
    answers(anonymous());
    assertFalse(log.list.isEmpty());
    for (ILoggingEvent line : List.copyOf(log.list)) {
      assertClean(line.getFormattedMessage());
    }
  }
}
