package com.sharestack.content;

import static com.sharestack.content.ContentNode.WRITER;
import static com.sharestack.content.ContentNode.caller;
import static com.sharestack.content.ContentNode.draft;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.ArticlePublish;
import com.sharestack.contract.ArticleUpdate;
import com.sharestack.contract.ArticlesCreateRequest;
import com.sharestack.contract.ArticlesPublishDueRequest;
import com.sharestack.contract.ArticlesPublishRequest;
import com.sharestack.contract.ArticlesUpdateRequest;
import com.sharestack.contract.PublishDueCommand;
import com.sharestack.contract.wire.Patch;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same things at once. */
class ConcurrencyTest {

  private static ContentNode content;

  @BeforeAll
  static void start() {
    content = new ContentNode("concurrency");
  }

  @AfterAll
  static void stop() {
    content.close();
  }

  /** Starts all calls before any is awaited; the outcome of each: OK or the code of its failure. */
  private static List<String> atOnce(int times, IntFunction<Future<?>> call) {
    return content.node.await(
        () -> {
          List<Future<String>> answers = new ArrayList<>();
          for (int i = 0; i < times; i++) {
            answers.add(
                call.apply(i)
                    .<Void>mapEmpty()
                    .map("OK")
                    .otherwise(failure -> failure.getMessage()));
          }
          return answers.stream().map(answer -> answer.await()).sorted().toList();
        });
  }

  @Test
  void ofUpdatesThatExpectTheSameVersionOneWins() {
    long id = content.create(caller(WRITER), draft("并发更新", "并发更新的正文")).articleId();
    List<String> outcomes =
        atOnce(
            4,
            i ->
                content
                    .articles()
                    .update(
                        caller(WRITER),
                        new ArticlesUpdateRequest(
                            id,
                            ArticleUpdate.builder()
                                .title(Patch.of("标题" + i))
                                .expectedVersion(Patch.of(1))
                                .build())));
    assertEquals(List.of("CONFLICT", "CONFLICT", "CONFLICT", "OK"), outcomes);
    assertEquals(2, content.one("SELECT COUNT(*) FROM article_versions WHERE article_id = ?", id));
  }

  @Test
  void ofArticlesThatWantTheSameSlugOneGetsIt() {
    List<String> outcomes =
        atOnce(
            4,
            i ->
                content
                    .articles()
                    .create(
                        caller(WRITER),
                        new ArticlesCreateRequest(
                            draft("同一个链接" + i, "正文" + i).customUrl("same-slug").build())));
    assertEquals(List.of("CONFLICT", "CONFLICT", "CONFLICT", "OK"), outcomes);
  }

  @Test
  void tagsMadeAtOnceAreOneTagCountedByEveryArticle() {
    List<String> outcomes =
        atOnce(
            8,
            i -> {
              List<String> tags = new ArrayList<>(List.of("并发甲", "并发乙", "并发丙"));
              Collections.rotate(tags, i);
              return content
                  .articles()
                  .create(
                      caller(WRITER),
                      new ArticlesCreateRequest(draft("同样的标签" + i, "正文" + i).tags(tags).build()));
            });
    assertEquals(Collections.nCopies(8, "OK"), outcomes);
    assertEquals(
        3, content.one("SELECT COUNT(*) FROM tags WHERE name LIKE '并发%' AND usage_count = 8"));
  }

  @Test
  void theSameIdempotencyKeyAtOnceMakesOneArticle() {
    var keyed =
        ContentNode.as(WRITER).idempotencyKey("at-once-1").requestHash("ef".repeat(32)).build();
    List<String> outcomes =
        atOnce(
            4,
            i ->
                content
                    .articles()
                    .create(keyed, new ArticlesCreateRequest(draft("同一个键", "同一个键的正文").build())));
    assertEquals(Collections.nCopies(4, "OK"), outcomes);
    assertEquals(1, content.one("SELECT COUNT(*) FROM articles WHERE title = '同一个键'"));
  }

  @Test
  void publishingTwiceAtOnceIsOneFirstPublication() {
    long id = content.create(caller(WRITER), draft("并发发布", "并发发布的正文")).articleId();
    List<String> outcomes =
        atOnce(
            4,
            i ->
                content
                    .articles()
                    .publish(
                        caller(WRITER), new ArticlesPublishRequest(id, new ArticlePublish(null))));
    assertEquals(Collections.nCopies(4, "OK"), outcomes);
    assertEquals(
        1,
        content.one(
            "SELECT COUNT(*) FROM outbox WHERE topic = 'content.status.changed' AND payload LIKE ?",
            "%\"article_id\":" + id + ",%"));
  }

  @Test
  void severalTimersPublishEachDueArticleOnce() {
    var soon = content.node.clock().instant().plusSeconds(30);
    for (int i = 0; i < 6; i++) {
      content.create(caller(WRITER), draft("到期" + i, "到期发布的正文" + i).scheduledAt(soon));
    }
    content.node.clock().advance(Duration.ofMinutes(1));
    List<Integer> published = new ArrayList<>();
    atOnce(
        3,
        i ->
            content
                .articles()
                .publishDue(
                    Callers.system("timer" + i),
                    new ArticlesPublishDueRequest(new PublishDueCommand(50)))
                .onSuccess(result -> published.add(result.published())));
    assertEquals(6, published.stream().mapToInt(Integer::intValue).sum());
    assertEquals(
        6,
        content.one(
            "SELECT COUNT(*) FROM article_status_log WHERE from_status = 'scheduled' AND to_status"
                + " = 'published'"));
  }
}
