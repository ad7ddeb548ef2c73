package com.sharestack.social;

import com.sharestack.contract.Caller;
import com.sharestack.contract.Conversation;
import com.sharestack.contract.ConversationState;
import com.sharestack.contract.LastMessage;
import com.sharestack.contract.MessagePeer;
import com.sharestack.contract.MessageType;
import com.sharestack.contract.UserCard;
import com.sharestack.platform.db.Db;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Conversations as a participant sees them: a constant number of statements and calls. */
final class ConversationViews {

  private static final String GONE = "已注销用户";

  private final Db db;
  private final MessageRepository messages;
  private final SettingsRepository settings;
  private final MessageViews messageViews;
  private final Peers peers;

  ConversationViews(
      Db db,
      MessageRepository messages,
      SettingsRepository settings,
      MessageViews messageViews,
      Peers peers) {
    this.db = db;
    this.messages = messages;
    this.settings = settings;
    this.messageViews = messageViews;
    this.peers = peers;
  }

  Conversation of(Caller caller, Dialogue dialogue) {
    return of(caller, List.of(dialogue)).getFirst();
  }

  /** In the order given; all of one viewer. */
  List<Conversation> of(Caller caller, List<Dialogue> dialogues) {
    if (dialogues.isEmpty()) {
      return List.of();
    }
    long viewer = dialogues.getFirst().mine().userId();
    List<Long> others = dialogues.stream().map(dialogue -> dialogue.peer().userId()).toList();
    Bonds bonds = peers.of(caller, viewer, others);
    Map<Long, Wishes> wishes =
        settings.of(db, Stream.concat(Stream.of(viewer), others.stream()).distinct().toList());
    Map<Long, MessageRow> last =
        messages.byIds(
            db,
            dialogues.stream()
                .map(dialogue -> dialogue.conversation().lastMessageId())
                .filter(Objects::nonNull)
                .toList());
    return dialogues.stream()
        .map(
            dialogue ->
                view(dialogue, bonds, wishes, last.get(dialogue.conversation().lastMessageId())))
        .toList();
  }

  private Conversation view(
      Dialogue dialogue, Bonds bonds, Map<Long, Wishes> wishes, MessageRow last) {
    MemberRow mine = dialogue.mine();
    long peer = dialogue.peer().userId();
    boolean receipts = wishes.get(mine.userId()).receipts() && wishes.get(peer).receipts();
    boolean shown = last != null && last.convSeq() > mine.removedSeq();
    boolean canSend =
        SendRules.refusal(SendRules.Standing.of(bonds, dialogue, wishes.get(peer))).isEmpty();
    return Conversation.builder()
        .id(dialogue.id())
        .peer(peer(peer, bonds.cards().get(peer)))
        .state(
            mine.request() && !bonds.following(peer)
                ? ConversationState.REQUEST
                : ConversationState.ACTIVE)
        .canSend(canSend)
        .isBlockedByMe(bonds.blocking(peer))
        .isPinned(mine.pinnedAt() != null)
        .isMuted(mine.muted())
        .isArchived(mine.archived())
        .unreadCount(mine.unreadCount())
        .lastMessage(shown ? last(dialogue, last) : null)
        .lastMessageAt(shown ? Times.text(last.createdAt()) : null)
        .headSeq(dialogue.conversation().headSeq())
        .myReadSeq(mine.readSeq())
        .peerReadSeq(receipts ? dialogue.peer().receiptSeq() : null)
        .createdAt(Times.text(dialogue.conversation().createdAt()))
        .build();
  }

  private LastMessage last(Dialogue dialogue, MessageRow row) {
    return LastMessage.builder()
        .id(row.id())
        .senderId(row.senderId())
        .messageType(MessageType.of(row.type()))
        .preview(messageViews.preview(dialogue, row))
        .createdAt(Times.text(row.createdAt()))
        .isRecalled(row.recalled())
        .build();
  }

  private static MessagePeer peer(long id, UserCard card) {
    return card == null
        ? new MessagePeer(id, "user" + id, GONE, null, false)
        : new MessagePeer(
            id, card.username(), card.displayName(), card.avatar(), card.isVerified());
  }
}
