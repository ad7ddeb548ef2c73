package com.sharestack.social;

import com.sharestack.contract.Caller;
import com.sharestack.contract.Conversation;
import com.sharestack.contract.ConversationAnswer;
import com.sharestack.contract.ConversationOpened;
import com.sharestack.contract.ConversationPage;
import com.sharestack.contract.ConversationsGetRequest;
import com.sharestack.contract.ConversationsListRequest;
import com.sharestack.contract.ConversationsMessagesRequest;
import com.sharestack.contract.ConversationsOpenRequest;
import com.sharestack.contract.ConversationsService;
import com.sharestack.contract.ConversationsUpdateRequest;
import com.sharestack.contract.MessageHistory;
import com.sharestack.contract.Pagination;
import com.sharestack.contract.UserCard;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Operations conversations.* */
final class ConversationsServiceImpl implements ConversationsService {

  /** Totals beyond are shown as this. */
  private static final int MOST_COUNTED = 10_000;

  /** Newest conversations whose peers' names are compared with q. */
  private static final int SEARCHED = 1_000;

  private final Core core;
  private final Opening opening;
  private final Synchronizing synchronizing;
  private final Delivery delivery;
  private final Arranging arranging;
  private final ConversationViews conversationViews;
  private final MessageViews messageViews;

  ConversationsServiceImpl(
      Core core,
      Opening opening,
      Synchronizing synchronizing,
      Delivery delivery,
      ConversationViews conversationViews,
      MessageViews messageViews) {
    this.core = core;
    this.opening = opening;
    this.synchronizing = synchronizing;
    this.delivery = delivery;
    this.arranging = new Arranging(core);
    this.conversationViews = conversationViews;
    this.messageViews = messageViews;
  }

  @Override
  public Future<ConversationPage> list(Caller caller, ConversationsListRequest request) {
    long user = caller.userId();
    long head = synchronizing.head(user);
    opening.settleRequests(caller);
    Box box = Box.of(request.box());
    long offset = (long) (request.page() - 1) * request.limit();
    List<Long> ids;
    int total;
    if (request.q() == null) {
      total = core.conversations().count(core.db(), user, box, request.unread(), MOST_COUNTED);
      ids =
          offset >= total
              ? List.of()
              : core.conversations()
                  .page(core.db(), user, box, request.unread(), request.limit(), offset);
    } else {
      List<Long> named = named(caller, box, request.unread(), request.q());
      total = named.size();
      ids = named.stream().skip(offset).limit(request.limit()).toList();
    }
    List<Conversation> rows = conversationViews.of(caller, inOrder(user, ids));
    int pages = Math.ceilDiv(total, request.limit());
    return Future.succeededFuture(
        new ConversationPage(
            rows,
            core.conversations().unread(core.db(), user).total(),
            head,
            new Pagination(request.page(), request.limit(), total, pages)));
  }

  private List<Dialogue> inOrder(long user, List<Long> ids) {
    Map<Long, Dialogue> found = new HashMap<>();
    core.conversations()
        .dialogues(core.db(), user, ids)
        .forEach(dialogue -> found.put(dialogue.id(), dialogue));
    return ids.stream().map(found::get).filter(Objects::nonNull).toList();
  }

  /** Ids of conversations whose peer's name contains {@code q}, in the order of the list. */
  private List<Long> named(Caller caller, Box box, Boolean unread, String q) {
    long user = caller.userId();
    List<Long> newest = core.conversations().page(core.db(), user, box, unread, SEARCHED, 0);
    List<Dialogue> dialogues = inOrder(user, newest);
    Bonds bonds =
        core.peers().of(caller, user, dialogues.stream().map(d -> d.peer().userId()).toList());
    String wanted = q.strip().toLowerCase(Locale.ROOT);
    return dialogues.stream()
        .filter(dialogue -> hasName(bonds.cards().get(dialogue.peer().userId()), wanted))
        .map(Dialogue::id)
        .toList();
  }

  private static boolean hasName(UserCard card, String wanted) {
    return card != null
        && (card.username().toLowerCase(Locale.ROOT).contains(wanted)
            || card.displayName().toLowerCase(Locale.ROOT).contains(wanted));
  }

  @Override
  public Future<ConversationOpened> open(Caller caller, ConversationsOpenRequest request) {
    Opening.Opened opened = opening.open(caller, request.body().userId());
    return Future.succeededFuture(
        new ConversationOpened(conversationViews.of(caller, opened.dialogue()), opened.existed()));
  }

  @Override
  public Future<ConversationAnswer> get(Caller caller, ConversationsGetRequest request) {
    Dialogue dialogue = core.rooms().require(core.db(), caller.userId(), request.id());
    return Future.succeededFuture(new ConversationAnswer(conversationViews.of(caller, dialogue)));
  }

  @Override
  public Future<ConversationAnswer> update(Caller caller, ConversationsUpdateRequest request) {
    Dialogue arranged = arranging.update(caller.userId(), request.id(), request.body());
    return Future.succeededFuture(new ConversationAnswer(conversationViews.of(caller, arranged)));
  }

  @Override
  public Future<MessageHistory> messages(Caller caller, ConversationsMessagesRequest request) {
    if (request.beforeSeq() != null && request.afterSeq() != null) {
      throw Errors.invalid("after_seq", "before_seq 与 after_seq 不能同时使用");
    }
    Dialogue dialogue = core.rooms().require(core.db(), caller.userId(), request.id());
    boolean forward = request.afterSeq() != null;
    long removed = dialogue.mine().removedSeq();
    long above = forward ? Math.max(removed, request.afterSeq()) : removed;
    long below = request.beforeSeq() == null ? Long.MAX_VALUE : request.beforeSeq();
    List<MessageRow> found =
        new ArrayList<>(
            core.messages()
                .history(core.db(), request.id(), above, below, !forward, request.limit() + 1));
    boolean more = found.size() > request.limit();
    if (more) {
      found.removeLast();
    }
    List<MessageRow> rows = forward ? found : found.reversed();
    markDelivered(caller, dialogue, rows);
    List<Long> ids = rows.stream().map(MessageRow::id).toList();
    Map<Long, MessageRow> present = core.messages().byIds(core.db(), ids);
    return Future.succeededFuture(
        new MessageHistory(
            messageViews.of(List.of(dialogue), ids.stream().map(present::get).toList()),
            more,
            dialogue.conversation().headSeq()));
  }

  private void markDelivered(Caller caller, Dialogue dialogue, List<MessageRow> rows) {
    rows.stream()
        .filter(row -> row.receiverId() == caller.userId())
        .mapToLong(MessageRow::convSeq)
        .max()
        .ifPresent(newest -> delivery.mark(caller, Map.of(dialogue.id(), newest)));
  }
}
