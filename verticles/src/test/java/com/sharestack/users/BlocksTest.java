package com.sharestack.users;

import static com.sharestack.users.UsersNode.anybody;
import static com.sharestack.users.UsersNode.caller;
import static com.sharestack.users.UsersNode.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Block;
import com.sharestack.contract.BlockBody;
import com.sharestack.contract.BlockEdge;
import com.sharestack.contract.BlockResult;
import com.sharestack.contract.BlocksBetweenRequest;
import com.sharestack.contract.BlocksCreateRequest;
import com.sharestack.contract.BlocksDeleteRequest;
import com.sharestack.contract.BlocksQuery;
import com.sharestack.contract.BlocksService;
import com.sharestack.contract.UserPair;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** blocks.create, blocks.delete and blocks.between on the database. */
class BlocksTest {

  private static UsersNode users;
  private static BlocksService blocks;

  @BeforeAll
  static void start() {
    users = new UsersNode("users_blocks");
    blocks = users.node.client(BlocksService.class);
  }

  @AfterAll
  static void stop() {
    users.close();
  }

  private static Future<BlockResult> blockLater(long blocker, long target, String reason) {
    return blocks.create(caller(blocker), new BlocksCreateRequest(new BlockBody(target, reason)));
  }

  private static BlockResult block(long blocker, long target) {
    return users.node.await(() -> blockLater(blocker, target, null).await());
  }

  private static void unblock(long blocker, long target) {
    users.node.await(() -> blocks.delete(caller(blocker), new BlocksDeleteRequest(target)).await());
  }

  private static Set<BlockEdge> between(List<UserPair> pairs) {
    return Set.copyOf(
        users.node.await(
            () ->
                blocks
                    .between(anybody().build(), new BlocksBetweenRequest(new BlocksQuery(pairs)))
                    .await()
                    .blocks()));
  }

  private static void follow(long follower, long following) {
    users.sql(
        "INSERT INTO follows (follower_id, following_id, created_at) VALUES (?, ?, '2026-01-01')",
        follower,
        following);
    users.sql("UPDATE user_counts SET following = following + 1 WHERE user_id = ?", follower);
    users.sql("UPDATE user_counts SET followers = followers + 1 WHERE user_id = ?", following);
  }

  private static long events(String topic, long blocker) {
    return users.count(
        """
        SELECT COUNT(*) FROM outbox
        WHERE topic = ? AND JSON_VALUE(payload, '$.user_id') = ?
        """,
        topic,
        String.valueOf(blocker));
  }

  @Test
  void aBlockIsMadeOnceAndItsRepeatAnswersIt() {
    long first = users.reader("block_first");
    long second = users.creator("block_second");
    BlockResult made = users.node.await(() -> blockLater(first, second, "骚扰").await());
    assertFalse(made.existed());
    assertEquals("骚扰", made.block().reason());
    assertEquals("block_second", made.block().user().displayName());
    BlockResult again = block(first, second);
    assertTrue(again.existed());
    assertEquals(made.block(), again.block(), "the reason of the first stays");
    assertEquals(1, events("user.blocked", first));
  }

  @Test
  void theFollowEdgesOfBothDirectionsGoWithTheirCounts() {
    long first = users.reader("edge_first");
    long second = users.creator("edge_second");
    long third = users.reader("edge_third");
    follow(first, second);
    follow(second, first);
    follow(third, second);
    block(first, second);
    assertEquals(
        1,
        users.count(
            "SELECT COUNT(*) FROM follows WHERE follower_id IN (?, ?) OR following_id IN (?, ?)",
            first,
            second,
            first,
            second));
    assertEquals("0/0", counts(first));
    assertEquals("1/0", counts(second));
    unblock(first, second);
    assertEquals("0/0", counts(first), "edges do not come back");
  }

  private static String counts(long userId) {
    return users.text(
        "SELECT CONCAT(followers, '/', following) FROM user_counts WHERE user_id = ?", userId);
  }

  @Test
  void theBlockedOneMayBlockBack() {
    long first = users.reader("back_first");
    long second = users.reader("back_second");
    block(first, second);
    assertFalse(block(second, first).existed());
    assertEquals(
        Set.of(new BlockEdge(first, second), new BlockEdge(second, first)),
        between(List.of(new UserPair(second, first))));
  }

  @Test
  void nobodyBlocksHimselfOrWhoIsNotThere() {
    long first = users.reader("self_first");
    long banned = users.reader("self_banned");
    users.sql("UPDATE users SET status = 'banned' WHERE user_id = ?", banned);
    refused(400, "VALIDATION_ERROR", () -> block(first, first));
    refused(404, "USER_NOT_FOUND", () -> block(first, 9_999_999));
    refused(404, "USER_NOT_FOUND", () -> block(first, banned));
    refused(404, "USER_NOT_FOUND", () -> unblock(first, 9_999_999));
  }

  @Test
  void unblockingIsRepeatableAndToldOnce() {
    long first = users.reader("undo_first");
    long second = users.reader("undo_second");
    unblock(first, second);
    assertEquals(0, events("user.unblocked", first));
    block(first, second);
    users.sql("UPDATE users SET status = 'deleted' WHERE user_id = ?", second);
    assertTrue(block(first, second).existed(), "the block outlives the account's state");
    unblock(first, second);
    unblock(first, second);
    assertEquals(1, events("user.unblocked", first));
    assertEquals(Set.of(), between(List.of(new UserPair(first, second))));
  }

  @Test
  void theLimitHoldsUnderParallelBlocks() {
    long blocker = users.reader("limit_blocker");
    List<Long> targets =
        IntStream.range(0, 6).mapToObj(i -> users.reader("limit_target" + i)).toList();
    long stranger = users.reader("limit_stranger");
    users.node.await(
        () ->
            users
                .node
                .db()
                .tx(
                    tx -> {
                      tx.update("SET SESSION foreign_key_checks = 0");
                      List<Object[]> rows = new ArrayList<>();
                      for (int i = 0; i < BlocksServiceImpl.MOST_BLOCKS - 2; i++) {
                        rows.add(new Object[] {blocker, 5_000_000L + i});
                      }
                      tx.batch(
                          """
                          INSERT INTO user_blocks (blocker_id, blocked_id, created_at)
                          VALUES (?, ?, '2026-01-01')
                          """,
                          rows);
                      tx.update("SET SESSION foreign_key_checks = 1");
                      return null;
                    }));
    List<Future<BlockResult>> calls =
        users.node.await(
            () -> {
              List<Future<BlockResult>> all =
                  targets.stream().map(target -> blockLater(blocker, target, null)).toList();
              Future.join(all).otherwiseEmpty().await();
              return all;
            });
    assertEquals(2, calls.stream().filter(Future::succeeded).count());
    assertEquals(
        Set.of("LIMIT_REACHED"),
        Set.copyOf(
            calls.stream().filter(Future::failed).map(call -> call.cause().getMessage()).toList()));
    assertEquals(
        2000,
        refused(409, "LIMIT_REACHED", () -> block(blocker, stranger))
            .getDebugInfo()
            .getInteger("current"));
  }

  @Test
  void ofManyAtOnceInBothDirectionsEachBlockIsMadeOnce() {
    long first = users.reader("race_first");
    long second = users.reader("race_second");
    follow(first, second);
    List<BlockResult> answers =
        users.node.await(
            () -> {
              List<Future<BlockResult>> all =
                  IntStream.range(0, 20)
                      .mapToObj(
                          i ->
                              i % 2 == 0
                                  ? blockLater(first, second, null)
                                  : blockLater(second, first, null))
                      .toList();
              Future.all(all).await();
              return all.stream().map(Future::result).toList();
            });
    assertEquals(2, answers.stream().filter(answer -> !answer.existed()).count());
    assertEquals(2, answers.stream().map(BlockResult::block).map(Block::id).distinct().count());
    assertEquals(1, events("user.blocked", first));
    assertEquals("0/0", counts(first));
    assertEquals("0/0", counts(second));
  }

  @Test
  void pairsAreAnsweredInOneStatementByTheUniqueKey() {
    long first = users.reader("pair_first");
    long second = users.reader("pair_second");
    long third = users.reader("pair_third");
    block(first, second);
    block(third, first);
    assertEquals(
        Set.of(new BlockEdge(first, second), new BlockEdge(third, first)),
        between(
            List.of(
                new UserPair(first, second),
                new UserPair(second, third),
                new UserPair(first, third))));
    assertEquals(Set.of(), between(List.of()));
    List<UserPair> many =
        IntStream.range(1, 202).mapToObj(i -> new UserPair(first, 9_000_000L + i)).toList();
    refused(400, "VALIDATION_ERROR", () -> between(many));
    var counter = users.node.platform().meters().counter("sharestack.db.statements");
    double before = counter.count();
    between(many.subList(0, 200));
    assertEquals(1, counter.count() - before);
    assertEquals(
        "uk_user_blocks_edge 16",
        users.node.await(
            () -> {
              var plan =
                  users
                      .node
                      .db()
                      .rows(
                          "EXPLAIN FORMAT=TRADITIONAL " + BlockRepository.betweenSql(2),
                          first,
                          second,
                          second,
                          first)
                      .getFirst();
              return plan.getString("key") + " " + plan.getString("key_len");
            }));
  }
}
