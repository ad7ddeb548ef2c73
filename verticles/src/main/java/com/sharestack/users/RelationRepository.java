package com.sharestack.users;

import com.sharestack.contract.Relations;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import io.vertx.sqlclient.Row;
import java.util.List;

/** Blocks and follows between users. */
final class RelationRepository {

  private static final int KINDS = 4;

  private final Db db;

  RelationRepository(Db db) {
    this.db = db;
  }

  /** How the viewer stands to each of the others, in one statement. */
  Relations relations(long viewerId, List<Long> others) {
    if (others.isEmpty()) {
      return new Relations(List.of(), List.of(), List.of(), List.of());
    }
    Object[] padded = Batch.arguments(others);
    String marks = Rows.marks(padded.length);
    Object[] arguments = new Object[KINDS * (padded.length + 1)];
    for (int i = 0; i < KINDS; i++) {
      arguments[i * (padded.length + 1)] = viewerId;
      System.arraycopy(padded, 0, arguments, i * (padded.length + 1) + 1, padded.length);
    }
    List<Row> rows =
        db.rows(
            """
            SELECT 'blocked_by' AS kind, blocker_id AS user_id FROM user_blocks
            WHERE blocked_id = ? AND blocker_id IN (%1$s)
            UNION ALL
            SELECT 'blocking', blocked_id FROM user_blocks
            WHERE blocker_id = ? AND blocked_id IN (%1$s)
            UNION ALL
            SELECT 'following', following_id FROM follows
            WHERE follower_id = ? AND following_id IN (%1$s)
            UNION ALL
            SELECT 'followed_by', follower_id FROM follows
            WHERE following_id = ? AND follower_id IN (%1$s)
            """
                .formatted(marks),
            arguments);
    return new Relations(
        of(rows, "blocked_by"),
        of(rows, "blocking"),
        of(rows, "following"),
        of(rows, "followed_by"));
  }

  private static List<Long> of(List<Row> rows, String kind) {
    return rows.stream()
        .filter(row -> row.getString("kind").equals(kind))
        .map(row -> row.getLong("user_id"))
        .toList();
  }

  /** The other sides of the viewer's newest blocks, in either direction, newest first. */
  List<Long> newestBlocks(long viewerId, int most) {
    return db
        .rows(
            """
            (SELECT user_block_id, blocked_id AS user_id FROM user_blocks
              WHERE blocker_id = ? ORDER BY user_block_id DESC LIMIT ?)
            UNION ALL
            (SELECT user_block_id, blocker_id FROM user_blocks
              WHERE blocked_id = ? ORDER BY user_block_id DESC LIMIT ?)
            ORDER BY user_block_id DESC
            LIMIT ?
            """,
            viewerId,
            most,
            viewerId,
            most,
            most)
        .stream()
        .map(row -> row.getLong("user_id"))
        .distinct()
        .toList();
  }
}
