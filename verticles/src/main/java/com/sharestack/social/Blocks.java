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
    request.ifPresent(
        dialogue -> {
          long head = dialogue.conversation().headSeq();
          core.conversations().update(tx, dialogue.mine().removed(head));
          log.add(block.userId(), EventDraft.removed(dialogue.id(), head));
        });
    log.add(block.userId(), EventDraft.block(block.blockedUserId(), true));
    tell(tx, log);
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
