package com.sharestack.social;

import com.sharestack.contract.Caller;
import java.util.List;

/** Who may see that somebody types. */
final class Typing {

  private final Core core;

  Typing(Core core) {
    this.core = core;
  }

  /** The peer or nobody; silent about the reason. */
  List<Long> audience(Caller caller, long conversationId) {
    long writer = caller.userId();
    return core.conversations()
        .dialogue(core.db(), writer, conversationId)
        .filter(dialogue -> dialogue.conversation().headSeq() > 0)
        .filter(Dialogue::settled)
        .filter(this::wanted)
        .map(dialogue -> dialogue.peer().userId())
        .filter(peer -> !core.peers().relations(caller, writer, List.of(peer)).blocks(peer))
        .map(List::of)
        .orElse(List.of());
  }

  private boolean wanted(Dialogue dialogue) {
    List<Long> both = List.of(dialogue.mine().userId(), dialogue.peer().userId());
    return core.settings().of(core.db(), both).values().stream().allMatch(Wishes::typing);
  }
}
