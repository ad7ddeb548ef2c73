package com.sharestack.content;

import static com.sharestack.content.ContentNode.READER;
import static com.sharestack.content.ContentNode.WRITER;
import static com.sharestack.content.ContentNode.anonymous;
import static com.sharestack.content.ContentNode.caller;
import static com.sharestack.content.ContentNode.draft;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.ArticlesGetRequest;
import com.sharestack.contract.Caller;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Counting views in Redis and carrying them to MySQL. */
class ViewsTest {

  private static ContentNode content;
  private static ViewCounter counter;

  @BeforeAll
  static void start() {
    content = new ContentNode("views");
    counter = counter();
  }

  @AfterAll
  static void stop() {
    content.close();
  }

  private static ViewCounter counter() {
    return new ViewCounter(
        content.node.platform().cache(), new CountRepository(content.db()), "salt");
  }

  private static long article(String title) {
    return content.published(WRITER, draft(title, ContentNode.filler(120))).articleId();
  }

  private static boolean view(long id, String visitor) {
    return content.node.await(() -> counter.view(id, visitor).await());
  }

  private static void flush() {
    content.node.await(
        () -> {
          counter.flush();
          return null;
        });
  }

  private static long views(long id) {
    flush();
    return content.one("SELECT views_count FROM articles WHERE article_id = ?", id);
  }

  @Test
  void aViewerCountsOncePerArticleAndHalfHour() {
    long one = article("只数一次");
    long two = article("另一篇");
    assertTrue(view(one, "u1"));
    assertFalse(view(one, "u1"));
    assertTrue(view(one, "u2"));
    assertTrue(view(two, "u1"));
    assertEquals(2, views(one));
    assertEquals(1, views(two));
    assertEquals(2, views(one));
  }

  @Test
  void nodesThatFlushAtOnceCarryEveryViewOnce() {
    long id = article("两个节点");
    ViewCounter other = counter();
    content.node.await(
        () -> {
          Future.all(IntStream.range(0, 200).mapToObj(i -> counter.view(id, "v" + i)).toList())
              .await();
          List<Future<Void>> flushes =
              List.of(Future.future(p -> run(p, counter)), Future.future(p -> run(p, other)));
          return Future.all(flushes).await();
        });
    assertEquals(200, views(id));
  }

  private static void run(io.vertx.core.Promise<Void> done, ViewCounter one) {
    content
        .node
        .vertx()
        .getOrCreateContext()
        .runOnContext(
            go -> {
              one.flush();
              done.complete();
            });
  }

  @Test
  void visitorsAreTheirUserOrAHashThatHidesTheAddress() {
    assertEquals("u" + READER, counter.visitor(caller(READER)));
    String hash = counter.visitor(anonymous());
    assertFalse(hash.contains("203.0.113"));
    assertNotEquals(hash, counter.visitor(ContentNode.as(null).ip("203.0.113.8").build()));
    assertNotEquals(
        hash,
        new ViewCounter(content.node.platform().cache(), new CountRepository(content.db()), "other")
            .visitor(anonymous()));
  }

  @Test
  void botsAreKnownByTheirName() {
    for (String agent :
        List.of(
            "Mozilla/5.0 (compatible; Baiduspider/2.0)",
            "Mozilla/5.0 (compatible; Googlebot/2.1)",
            "curl/8.5.0",
            "python-requests/2.31")) {
      assertTrue(ViewCounter.bot(ContentNode.as(null).userAgent(agent).build()), agent);
    }
    assertFalse(
        ViewCounter.bot(
            ContentNode.as(null).userAgent("Mozilla/5.0 (iPhone) MicroMessenger/8.0").build()));
  }

  @Test
  void readingCountsForReadersOnly() {
    long id = article("阅读计数");
    long hidden = content.create(caller(WRITER), draft("未发布", "未发布的正文")).articleId();
    Caller bot = ContentNode.as(null).userAgent("Googlebot/2.1").build();
    read(caller(WRITER), id, true);
    read(caller(ContentNode.ADMIN, "content:manage"), id, true);
    read(bot, id, true);
    read(caller(READER), id, false);
    read(caller(WRITER), hidden, true);
    assertEquals(0, views(id));
    read(caller(READER), id, true);
    read(caller(READER), id, true);
    read(anonymous(), id, true);
    awaitViews(id, 2);
    assertEquals(0, views(hidden));
  }

  private static void read(Caller caller, long id, boolean track) {
    content.node.await(
        () -> content.articles().get(caller, new ArticlesGetRequest(id, true, track)).await());
  }

  /**
   * The counter runs behind the answer: asks again until it arrived, at most for the node's wait.
   */
  private static void awaitViews(long id, long expected) {
    content.node.await(
        () -> {
          long seen = 0;
          for (int i = 0; i < 200 && seen < expected; i++) {
            counter.flush();
            seen =
                content
                    .db()
                    .row("SELECT views_count FROM articles WHERE article_id = ?", id)
                    .orElseThrow()
                    .getLong(0);
            content.node.vertx().timer(10).await();
          }
          assertEquals(expected, seen);
          return null;
        });
  }
}
