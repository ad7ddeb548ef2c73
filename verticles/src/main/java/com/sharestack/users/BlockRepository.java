package com.sharestack.users;

import com.sharestack.contract.BlockEdge;
import com.sharestack.contract.UserPair;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Blocks of one user by another, and the follow edges a block takes away. */
final class BlockRepository {

  private final Db db;

  BlockRepository(Db db) {
    this.db = db;
  }

  /** A block as its owner stored it. */
  record Stored(long id, String reason, Instant createdAt) {}

  /**
   * Holds both accounts until the transaction ends, always in the order of their ids: blocks of the
   * same two users, in whichever direction, are made one after the other and never deadlock.
   *
   * @return how many of the two are accounts
   */
  int lockAccounts(Tx tx, long one, long other) {
    return tx.rows(
            "SELECT user_id FROM users WHERE user_id IN (?, ?) ORDER BY user_id FOR UPDATE",
            Math.min(one, other),
            Math.max(one, other))
        .size();
  }

  Optional<Stored> find(Tx tx, long blockerId, long blockedId) {
    return tx.row(
            """
            SELECT user_block_id, reason, created_at FROM user_blocks
            WHERE blocker_id = ? AND blocked_id = ?
            """,
            blockerId,
            blockedId)
        .map(BlockRepository::stored);
  }

  private static Stored stored(Row row) {
    return new Stored(
        row.getLong("user_block_id"), row.getString("reason"), Rows.instant(row, "created_at"));
  }

  /** How many users this one blocks, by the index alone. */
  long count(Tx tx, long blockerId) {
    return tx.rows("SELECT COUNT(*) AS blocks FROM user_blocks WHERE blocker_id = ?", blockerId)
        .getFirst()
        .getLong("blocks");
  }

  long insert(Tx tx, long blockerId, long blockedId, String reason, Instant now) {
    return tx.insert(
        """
        INSERT INTO user_blocks (blocker_id, blocked_id, reason, created_at) VALUES (?, ?, ?, ?)
        """,
        blockerId,
        blockedId,
        reason,
        now);
  }

  /**
   * @return whether there was a block
   */
  boolean delete(Tx tx, long blockerId, long blockedId) {
    return tx.update(
            "DELETE FROM user_blocks WHERE blocker_id = ? AND blocked_id = ?", blockerId, blockedId)
        == 1;
  }

  boolean isAccount(Sql sql, long userId) {
    return sql.row("SELECT user_id FROM users WHERE user_id = ?", userId).isPresent();
  }

  /**
   * Takes the follow edge away and counts it down on both sides; the caller holds both accounts.
   *
   * @return whether there was one
   */
  boolean unfollow(Tx tx, long followerId, long followingId) {
    boolean followed =
        tx.update(
                "DELETE FROM follows WHERE follower_id = ? AND following_id = ?",
                followerId,
                followingId)
            == 1;
    if (followed) {
      tx.update(
          """
          UPDATE user_counts SET
            following = following - IF(user_id = ? AND following > 0, 1, 0),
            followers = followers - IF(user_id = ? AND followers > 0, 1, 0)
          WHERE user_id IN (?, ?)
          """,
          followerId,
          followingId,
          followerId,
          followingId);
    }
    return followed;
  }

  /** The blocks between the users of each pair, in either direction, in one statement. */
  List<BlockEdge> between(List<UserPair> pairs) {
    if (pairs.isEmpty()) {
      return List.of();
    }
    List<Object> ids = new ArrayList<>();
    for (Object pair : Batch.arguments(pairs)) {
      UserPair both = (UserPair) pair;
      ids.addAll(List.of(both.userId(), both.otherId(), both.otherId(), both.userId()));
    }
    return db.rows(betweenSql(ids.size() / 2), ids.toArray()).stream()
        .map(row -> new BlockEdge(row.getLong("blocker_id"), row.getLong("blocked_id")))
        .toList();
  }

  /**
   * Alternatives, not a list of tuples: both servers read alternatives as points of the unique key.
   */
  static String betweenSql(int edges) {
    String any = " OR (blocker_id = ? AND blocked_id = ?)".repeat(edges).substring(" OR ".length());
    return "SELECT blocker_id, blocked_id FROM user_blocks WHERE " + any;
  }
}
