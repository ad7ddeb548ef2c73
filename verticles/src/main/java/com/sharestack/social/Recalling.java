package com.sharestack.social;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Takes a message back. */
final class Recalling {

  static final Duration WINDOW = Duration.ofSeconds(120);

  private final Core core;

  Recalling(Core core) {
    this.core = core;
  }

  private record Outcome(MessageRow message, Map<Long, Long> heads) {}

  MessageRow recall(long user, long messageId) {
    MessageRow found =
        core.messages()
            .byId(core.db(), messageId)
            .filter(row -> row.senderId() == user || row.receiverId() == user)
            .orElseThrow(() -> Errors.of(ErrorCode.MESSAGE_NOT_FOUND));
    if (found.senderId() != user) {
      throw Errors.of(ErrorCode.PERMISSION_DENIED);
    }
    Outcome outcome = core.db().tx(tx -> recall(tx, user, found));
    core.announce(outcome.heads());
    return outcome.message();
  }

  private Outcome recall(Tx tx, long user, MessageRow found) {
    Instant now = core.now();
    Dialogue dialogue = core.rooms().lock(tx, user, found.conversationId());
    MessageRow row = core.messages().byId(tx, found.id()).orElseThrow();
    if (row.recalled()) {
      return new Outcome(row, Map.of());
    }
    if (Duration.between(row.createdAt(), now).compareTo(WINDOW) > 0) {
      throw Errors.of(ErrorCode.RECALL_WINDOW_EXPIRED, "window_seconds", WINDOW.toSeconds());
    }
    core.messages().recall(tx, row.id(), now);
    MemberRow peer = dialogue.peer();
    if (row.convSeq() > Math.max(peer.readSeq(), peer.removedSeq())) {
      core.conversations().update(tx, peer.withUnread(peer.unreadCount() - 1));
    }
    EventLog.Writer log = core.log().open(tx, now, user, peer.userId());
    EventDraft event = EventDraft.message(EventDraft.RECALLED, dialogue.id(), row.id());
    log.add(user, event);
    log.add(peer.userId(), event);
    Map<Long, Long> heads = log.flush();
    return new Outcome(core.messages().byId(tx, row.id()).orElseThrow(), heads);
  }
}
