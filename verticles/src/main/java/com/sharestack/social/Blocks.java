package com.sharestack.social;

import com.sharestack.contract.EventTopic;
import com.sharestack.contract.UserBlocked;
import com.sharestack.contract.UserUnblocked;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.events.Event;
import com.sharestack.platform.events.EventHandler;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a block changes here besides refusing messages, which users' own row does: the blocked
 * user's open request leaves the blocker's view, and the blocker's devices are told, with the same
 * hint to their gateways as of a message.
 *
 * <p>Events come at least once and in any order, a block's perhaps after its end: so what devices
 * are told is read from the users domain when it is shown ({@link EventViews}), not from the event.
 */
final class Blocks {

  private final Core core;

  Blocks(Core core) {
    this.core = core;
  }

  Map<EventTopic, EventHandler> handlers() {
    return Map.of(
        EventTopic.USER_BLOCKED, this::blocked,
        EventTopic.USER_UNBLOCKED, this::unblocked);
  }

  private void blocked(Tx tx, Event event) {
    UserBlocked block = event.payload(UserBlocked.class);
    Instant now = core.now();
    Optional<Dialogue> request =
        core.conversations()
            .lockPair(tx, block.userId(), block.blockedUserId())
            .flatMap(id -> core.conversations().dialogue(tx, block.userId(), id))
            .filter(dialogue -> dialogue.mine().request() && dialogue.mine().visible());
    EventLog.Writer log = core.log().open(tx, now, block.userId());
    request.ifPresent(dialogue -> takeAway(tx, log, dialogue, event.at()));
    log.add(block.userId(), EventDraft.block(block.blockedUserId(), true));
    tell(tx, log);
  }

  /**
   * Only what stood there when the block was made: an event that comes late finds messages that
   * were accepted after the block's end, or while it was being made.
   */
  private void takeAway(Tx tx, EventLog.Writer log, Dialogue request, Instant blockedAt) {
    MemberRow mine = request.mine();
    long head = request.conversation().headSeq();
    long upTo = core.messages().newestUntil(tx, request.id(), mine.removedSeq(), blockedAt);
    if (upTo <= mine.removedSeq()) {
      return;
    }
    if (upTo == head) {
      core.conversations().update(tx, mine.removed(head));
    } else {
      long above = Math.max(mine.readSeq(), upTo);
      int unread = core.messages().countUnread(tx, request.id(), mine.userId(), above);
      core.conversations().update(tx, mine.removedBefore(upTo, unread));
    }
    log.add(mine.userId(), EventDraft.removed(request.id(), upTo));
  }

  private void unblocked(Tx tx, Event event) {
    UserUnblocked end = event.payload(UserUnblocked.class);
    EventLog.Writer log = core.log().open(tx, core.now(), end.userId());
    log.add(end.userId(), EventDraft.block(end.blockedUserId(), false));
    tell(tx, log);
  }

  private void tell(Tx tx, EventLog.Writer log) {
    Map<Long, Long> heads = log.flush();
    tx.afterCommit(() -> core.announce(heads));
  }
}
