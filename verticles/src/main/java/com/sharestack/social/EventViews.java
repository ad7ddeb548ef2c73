package com.sharestack.social;

import com.sharestack.contract.Caller;
import com.sharestack.contract.Conversation;
import com.sharestack.contract.MessageEvent;
import com.sharestack.contract.PrivateMessage;
import com.sharestack.contract.wire.Wire;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Events as frames, made from the rows as they are now: counters are the present ones, a message
 * that was recalled meanwhile has no text, one that is gone from the reader's view is announced as
 * deleted, a block is what users says it is. Numbers stay.
 */
final class EventViews {

  private final Core core;
  private final ConversationViews conversationViews;
  private final MessageViews messageViews;

  EventViews(Core core, ConversationViews conversationViews, MessageViews messageViews) {
    this.core = core;
    this.conversationViews = conversationViews;
    this.messageViews = messageViews;
  }

  /** What a page of events needs of other rows, read once. */
  private record Page(
      Map<Long, Dialogue> dialogues,
      Map<Long, Conversation> conversations,
      Map<Long, MessageRow> rows,
      Map<Long, PrivateMessage> messages,
      Set<Long> blocked,
      long unreadTotal) {}

  List<MessageEvent> of(Caller caller, List<EventRow> events) {
    if (events.isEmpty()) {
      return List.of();
    }
    Page page = page(caller, events);
    return events.stream().map(event -> view(event, page)).toList();
  }

  private Page page(Caller caller, List<EventRow> events) {
    long user = caller.userId();
    List<Long> conversationIds =
        events.stream()
            .map(event -> event.draft().conversationId())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    List<Dialogue> dialogues = core.conversations().dialogues(core.db(), user, conversationIds);
    Map<Long, Dialogue> byId = new HashMap<>();
    dialogues.forEach(dialogue -> byId.put(dialogue.id(), dialogue));
    Map<Long, MessageRow> rows =
        core.messages()
            .byIds(
                core.db(),
                events.stream()
                    .map(event -> event.draft().messageId())
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList());
    Map<Long, Conversation> conversations = new HashMap<>();
    conversationViews
        .of(caller, dialogues)
        .forEach(conversation -> conversations.put(conversation.id(), conversation));
    Map<Long, PrivateMessage> messages = new HashMap<>();
    messageViews
        .of(dialogues, List.copyOf(rows.values()))
        .forEach(message -> messages.put(message.id(), message));
    long total = core.conversations().unread(core.db(), user).total();
    return new Page(byId, conversations, rows, messages, blocked(caller, events), total);
  }

  /** Whom the user blocks, of those the events are about. */
  private Set<Long> blocked(Caller caller, List<EventRow> events) {
    List<Long> others =
        events.stream()
            .filter(event -> event.draft().type().equals(EventDraft.BLOCK))
            .map(event -> event.draft().actorId())
            .toList();
    return others.isEmpty()
        ? Set.of()
        : core.peers().relations(caller, caller.userId(), others).blockingSet();
  }

  private static MessageEvent view(EventRow event, Page page) {
    EventDraft draft = event.draft();
    boolean gone = draft.type().equals(EventDraft.NEW) && gone(draft, page);
    JsonObject data =
        switch (draft.type()) {
          case EventDraft.NEW -> gone ? deleted(draft) : arrived(draft, page);
          case EventDraft.RECALLED -> recalled(draft, page);
          case EventDraft.RECEIPT -> receipt(event);
          case EventDraft.UPDATED ->
              new JsonObject()
                  .put("conversation", Wire.write(page.conversations.get(draft.conversationId())))
                  .put("unread_total", page.unreadTotal);
          case EventDraft.REMOVED ->
              new JsonObject()
                  .put("conversation_id", draft.conversationId())
                  .put("up_to_seq", draft.upToSeq());
          case EventDraft.BLOCK ->
              new JsonObject()
                  .put("user_id", draft.actorId())
                  .put("blocked", page.blocked.contains(draft.actorId()));
          default -> throw new IllegalStateException("no view of event " + draft.type());
        };
    return new MessageEvent(
        event.seq(), gone ? EventDraft.DELETED : draft.type(), Times.text(event.at()), data);
  }

  private static boolean gone(EventDraft draft, Page page) {
    return page.rows.get(draft.messageId()).convSeq()
        <= page.dialogues.get(draft.conversationId()).mine().removedSeq();
  }

  private static JsonObject deleted(EventDraft draft) {
    return new JsonObject()
        .put("message_ids", new JsonArray().add(draft.messageId()))
        .put("conversation_id", draft.conversationId());
  }

  private static JsonObject arrived(EventDraft draft, Page page) {
    return new JsonObject()
        .put("message", Wire.write(page.messages.get(draft.messageId())))
        .put("conversation", Wire.write(page.conversations.get(draft.conversationId())))
        .put("unread_total", page.unreadTotal);
  }

  private static JsonObject recalled(EventDraft draft, Page page) {
    MessageRow row = page.rows.get(draft.messageId());
    return new JsonObject()
        .put("message_id", row.id())
        .put("conversation_id", row.conversationId())
        .put("conv_seq", row.convSeq())
        .put("recalled_at", Times.text(row.recalledAt()))
        .put("unread_count", page.dialogues.get(draft.conversationId()).mine().unreadCount())
        .put("unread_total", page.unreadTotal);
  }

  private static JsonObject receipt(EventRow event) {
    EventDraft draft = event.draft();
    return new JsonObject()
        .put("conversation_id", draft.conversationId())
        .put("kind", draft.kind())
        .put("up_to_seq", draft.upToSeq())
        .put("user_id", draft.actorId())
        .put("at", Times.text(event.at()));
  }
}
