package com.sharestack.social;

import com.sharestack.contract.MessageReply;
import com.sharestack.contract.MessageStatus;
import com.sharestack.contract.MessageType;
import com.sharestack.contract.PrivateMessage;
import com.sharestack.platform.db.Db;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Messages as a participant may see them now; the only place where texts are opened for showing.
 */
final class MessageViews {

  private final Db db;
  private final MessageRepository messages;
  private final SettingsRepository settings;
  private final Vault vault;

  MessageViews(Db db, MessageRepository messages, SettingsRepository settings, Vault vault) {
    this.db = db;
    this.messages = messages;
    this.settings = settings;
    this.vault = vault;
  }

  PrivateMessage of(Dialogue dialogue, MessageRow message) {
    return of(List.of(dialogue), List.of(message)).getFirst();
  }

  /** In the order given; each message is of one of the dialogues, all of one viewer. */
  List<PrivateMessage> of(Collection<Dialogue> dialogues, List<MessageRow> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<Long, Dialogue> byId = new HashMap<>();
    dialogues.forEach(dialogue -> byId.put(dialogue.id(), dialogue));
    Map<Long, Wishes> wishes =
        settings.of(
            db,
            dialogues.stream()
                .flatMap(d -> List.of(d.mine().userId(), d.peer().userId()).stream())
                .distinct()
                .toList());
    Map<Long, MessageRow> replied =
        messages.byIds(
            db,
            rows.stream().map(MessageRow::replyTo).filter(Objects::nonNull).distinct().toList());
    return rows.stream()
        .map(
            row -> {
              Dialogue dialogue = byId.get(row.conversationId());
              boolean receipts =
                  wishes.get(dialogue.mine().userId()).receipts()
                      && wishes.get(dialogue.peer().userId()).receipts();
              return view(dialogue, row, receipts, replied.get(row.replyTo()));
            })
        .toList();
  }

  private PrivateMessage view(
      Dialogue dialogue, MessageRow row, boolean receipts, MessageRow replied) {
    return PrivateMessage.builder()
        .id(row.id())
        .clientMsgId(row.clientMsgId())
        .conversationId(row.conversationId())
        .convSeq(row.convSeq())
        .senderId(row.senderId())
        .receiverId(row.receiverId())
        .messageType(MessageType.of(row.type()))
        .content(row.recalled() ? null : vault.text(dialogue.conversation().dataKey(), row))
        .replyTo(reply(dialogue, row, replied))
        .status(status(dialogue, row, receipts))
        .isRecalled(row.recalled())
        .createdAt(Times.text(row.createdAt()))
        .deliveredAt(Times.text(row.deliveredAt()))
        .readAt(receipts ? Times.text(row.readAt()) : null)
        .build();
  }

  private MessageReply reply(Dialogue dialogue, MessageRow row, MessageRow replied) {
    if (row.recalled() || replied == null) {
      return null;
    }
    return new MessageReply(replied.id(), replied.senderId(), preview(dialogue, replied));
  }

  /** Empty for what the viewer may not see any more. */
  String preview(Dialogue dialogue, MessageRow row) {
    if (row.recalled() || row.convSeq() <= dialogue.mine().removedSeq()) {
      return "";
    }
    String text = vault.text(dialogue.conversation().dataKey(), row);
    return text == null ? "" : MessageText.preview(text);
  }

  /** The sender knows of reading what receipts tell him, the reader knows it himself. */
  static MessageStatus status(Dialogue dialogue, MessageRow row, boolean receipts) {
    if (row.recalled()) {
      return MessageStatus.RECALLED;
    }
    boolean own = row.senderId() == dialogue.mine().userId();
    boolean read =
        own ? receipts && row.readAt() != null : row.convSeq() <= dialogue.mine().readSeq();
    if (read) {
      return MessageStatus.READ;
    }
    return row.deliveredAt() == null ? MessageStatus.SENT : MessageStatus.DELIVERED;
  }
}
