package com.sharestack.users;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Block;
import com.sharestack.contract.BlockBody;
import com.sharestack.contract.BlockEdges;
import com.sharestack.contract.BlockResult;
import com.sharestack.contract.BlocksBetweenRequest;
import com.sharestack.contract.BlocksCreateRequest;
import com.sharestack.contract.BlocksDeleteRequest;
import com.sharestack.contract.BlocksService;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.MessageResult;
import com.sharestack.contract.UserBlocked;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserSummary;
import com.sharestack.contract.UserUnblocked;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Operations blocks.* */
final class BlocksServiceImpl implements BlocksService {

  static final int MOST_BLOCKS = 2_000;
  private static final int MOST_PAIRS = 200;

  private final UsersParts parts;
  private final BlockRepository blocks;
  private final UserLookupRepository cards;

  BlocksServiceImpl(UsersParts parts, BlockRepository blocks, UserLookupRepository cards) {
    this.parts = parts;
    this.blocks = blocks;
    this.cards = cards;
  }

  /** What the transaction did; follow edges are counts that cached profiles show. */
  private record Outcome(BlockRepository.Stored stored, boolean existed, boolean unfollowed) {}

  /**
   * Who was blocked may block back: the first block does not protect him, and may be taken back any
   * time. An existing block answers whatever became of the account.
   */
  @Override
  public Future<BlockResult> create(Caller caller, BlocksCreateRequest request) {
    BlockBody body = request.body();
    long target = body.targetUserId();
    if (caller.userId() == target) {
      throw Errors.invalid("target_user_id", "不能屏蔽自己");
    }
    String reason = body.reason() == null || body.reason().isEmpty() ? null : body.reason();
    Outcome outcome = parts.db().tx(tx -> block(tx, caller.userId(), target, reason));
    if (outcome.unfollowed()) {
      parts.profiles().evict(caller.userId());
      parts.profiles().evict(target);
    }
    UserCard card =
        cards.cardsByIds(List.of(target), parts.clock().instant()).stream()
            .findFirst()
            .orElseThrow(BlocksServiceImpl::userNotFound);
    BlockRepository.Stored stored = outcome.stored();
    return Future.succeededFuture(
        new BlockResult(
            new Block(stored.id(), summary(card), stored.reason(), stored.createdAt()),
            outcome.existed()));
  }

  private Outcome block(Tx tx, long blockerId, long targetId, String reason) {
    if (blocks.lockAccounts(tx, blockerId, targetId) < 2) {
      throw userNotFound();
    }
    var present = blocks.find(tx, blockerId, targetId);
    if (present.isPresent()) {
      return new Outcome(present.get(), true, false);
    }
    Instant now = parts.clock().instant();
    if (parts.accounts().lock(tx, targetId).standing().at(now) != AccountStatus.ACTIVE) {
      throw userNotFound();
    }
    long current = blocks.count(tx, blockerId);
    if (current >= MOST_BLOCKS) {
      throw Errors.of(ErrorCode.LIMIT_REACHED, "limit", MOST_BLOCKS, "current", current);
    }
    long id = blocks.insert(tx, blockerId, targetId, reason, now);
    // both, whatever the first one finds
    boolean unfollowed =
        blocks.unfollow(tx, blockerId, targetId) | blocks.unfollow(tx, targetId, blockerId);
    parts.outbox().publish(tx, EventTopic.USER_BLOCKED, new UserBlocked(blockerId, targetId, now));
    return new Outcome(new BlockRepository.Stored(id, reason, now), false, unfollowed);
  }

  @Override
  public Future<MessageResult> delete(Caller caller, BlocksDeleteRequest request) {
    long blockedId = request.userId();
    parts
        .db()
        .tx(
            tx -> {
              if (blocks.delete(tx, caller.userId(), blockedId)) {
                UserUnblocked event =
                    new UserUnblocked(caller.userId(), blockedId, parts.clock().instant());
                parts.outbox().publish(tx, EventTopic.USER_UNBLOCKED, event);
              } else if (!blocks.isAccount(tx, blockedId)) {
                throw userNotFound();
              }
              return null;
            });
    return Future.succeededFuture(new MessageResult("已取消屏蔽"));
  }

  @Override
  public Future<BlockEdges> between(Caller caller, BlocksBetweenRequest request) {
    return Future.succeededFuture(
        new BlockEdges(
            blocks.between(Batch.distinct("pairs", request.body().pairs(), MOST_PAIRS))));
  }

  private static UserSummary summary(UserCard card) {
    return new UserSummary(
        card.userId(), card.username(), card.displayName(), card.avatar(), card.isVerified());
  }

  private static RuntimeException userNotFound() {
    return Errors.of(ErrorCode.USER_NOT_FOUND);
  }
}
