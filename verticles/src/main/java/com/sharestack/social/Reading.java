package com.sharestack.social;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ReadResult;
import com.sharestack.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Read pointers: forward only, never beyond the head. */
final class Reading {

  private final Core core;

  Reading(Core core) {
    this.core = core;
  }

  private record Outcome(MemberRow mine, Map<Long, Long> heads) {}

  /**
   * @param upTo conv_seq, null = the head
   */
  ReadResult read(Caller caller, long conversationId, Long upTo) {
    long reader = caller.userId();
    Dialogue seen = core.rooms().require(core.db(), reader, conversationId);
    long peer = seen.peer().userId();
    boolean blocked = core.peers().relations(caller, reader, List.of(peer)).blocks(peer);
    Outcome outcome = core.db().tx(tx -> advance(tx, reader, conversationId, upTo, blocked));
    core.announce(outcome.heads());
    return new ReadResult(
        conversationId,
        outcome.mine().readSeq(),
        outcome.mine().unreadCount(),
        core.conversations().unread(core.db(), reader).total());
  }

  private Outcome advance(Tx tx, long reader, long id, Long upTo, boolean blocked) {
    Instant now = core.now();
    Dialogue dialogue = core.rooms().lock(tx, reader, id);
    MemberRow mine = dialogue.mine();
    long head = dialogue.conversation().headSeq();
    long target = upTo == null ? head : Math.min(upTo, head);
    if (target <= mine.readSeq()) {
      return new Outcome(mine, Map.of());
    }
    boolean receipts = !blocked && dialogue.settled() && wanted(tx, dialogue);
    mark(tx, dialogue, target, receipts, blocked, now);
    int unread = core.messages().countUnread(tx, id, reader, Math.max(target, mine.removedSeq()));
    MemberRow read = mine.read(target, receipts, unread);
    core.conversations().update(tx, read);
    long peer = dialogue.peer().userId();
    EventLog.Writer log = core.log().open(tx, now, reader, peer);
    EventDraft receipt = EventDraft.receipt(id, EventDraft.KIND_READ, reader, target);
    log.add(reader, receipt);
    if (receipts) {
      log.add(peer, receipt);
    }
    return new Outcome(read, log.flush());
  }

  private void mark(
      Tx tx, Dialogue dialogue, long target, boolean receipts, boolean blocked, Instant now) {
    MemberRow mine = dialogue.mine();
    if (receipts) {
      core.messages().markRead(tx, dialogue.id(), mine.userId(), mine.receiptSeq(), target, now);
    } else if (!blocked && mine.deliveredSeq() < target) {
      core.messages()
          .markDelivered(tx, dialogue.id(), mine.userId(), mine.deliveredSeq(), target, now);
    }
  }

  private boolean wanted(Tx tx, Dialogue dialogue) {
    List<Long> both = List.of(dialogue.mine().userId(), dialogue.peer().userId());
    return core.settings().of(tx, both).values().stream().allMatch(Wishes::receipts);
  }
}
