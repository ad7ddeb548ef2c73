package com.sharestack.social;

import com.sharestack.contract.Caller;
import com.sharestack.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Notes that messages reached a device of their recipient, and tells their senders. */
final class Delivery {

  private final Core core;

  Delivery(Core core) {
    this.core = core;
  }

  /**
   * @param upTo conversation -> conv_seq of the newest message received
   */
  void mark(Caller caller, Map<Long, Long> upTo) {
    long receiver = caller.userId();
    List<Dialogue> behind =
        core.conversations().dialogues(core.db(), receiver, upTo.keySet()).stream()
            .filter(dialogue -> dialogue.mine().deliveredSeq() < upTo.get(dialogue.id()))
            .toList();
    if (behind.isEmpty()) {
      return;
    }
    List<Long> senders = behind.stream().map(dialogue -> dialogue.peer().userId()).toList();
    Bonds bonds = core.peers().relations(caller, receiver, senders);
    for (Dialogue dialogue : behind) {
      if (!bonds.blocks(dialogue.peer().userId())) {
        long target = upTo.get(dialogue.id());
        core.announce(core.db().tx(tx -> mark(tx, receiver, dialogue.id(), target)));
      }
    }
  }

  private Map<Long, Long> mark(Tx tx, long receiver, long id, long upTo) {
    Instant now = core.now();
    Dialogue dialogue = core.rooms().lock(tx, receiver, id);
    MemberRow mine = dialogue.mine();
    long target = Math.min(upTo, dialogue.conversation().headSeq());
    if (target <= mine.deliveredSeq()) {
      return Map.of();
    }
    int news = core.messages().markDelivered(tx, id, receiver, mine.deliveredSeq(), target, now);
    core.conversations().update(tx, mine.delivered(target));
    if (news == 0) {
      return Map.of();
    }
    long sender = dialogue.peer().userId();
    EventLog.Writer log = core.log().open(tx, now, sender);
    log.add(sender, EventDraft.receipt(id, EventDraft.KIND_DELIVERED, receiver, target));
    return log.flush();
  }
}
