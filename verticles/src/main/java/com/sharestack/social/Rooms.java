package com.sharestack.social;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import java.time.Instant;

/** Finds, makes and locks the one conversation of two users. */
final class Rooms {

  private final ConversationRepository conversations;
  private final Vault vault;

  Rooms(ConversationRepository conversations, Vault vault) {
    this.conversations = conversations;
    this.vault = vault;
  }

  /** CONVERSATION_NOT_FOUND for who takes no part in it. */
  Dialogue require(Sql sql, long viewer, long id) {
    return conversations
        .dialogue(sql, viewer, id)
        .filter(dialogue -> !dialogue.secret())
        .orElseThrow(() -> Errors.of(ErrorCode.CONVERSATION_NOT_FOUND));
  }

  /** The same, held until the end of the transaction. */
  Dialogue lock(Tx tx, long viewer, long id) {
    conversations.lock(tx, id).orElseThrow(() -> Errors.of(ErrorCode.CONVERSATION_NOT_FOUND));
    return require(tx, viewer, id);
  }

  /**
   * The conversation of the pair, made when there is none, held until the end of the transaction.
   *
   * @param openedBy who opens it without a message, else null
   */
  Dialogue lockOrMake(Tx tx, long viewer, long peer, Long openedBy, Instant now) {
    long id =
        conversations
            .lockPair(tx, viewer, peer)
            .orElseGet(
                () -> {
                  conversations.create(tx, viewer, peer, vault.newKey(), openedBy, now);
                  return conversations.lockPair(tx, viewer, peer).orElseThrow();
                });
    return conversations
        .dialogue(tx, viewer, id)
        .orElseGet(
            () -> {
              conversations.addMember(tx, MemberRow.fresh(id, viewer, peer, true, now));
              conversations.addMember(tx, MemberRow.fresh(id, peer, viewer, false, now));
              return conversations.dialogue(tx, viewer, id).orElseThrow();
            });
  }
}
