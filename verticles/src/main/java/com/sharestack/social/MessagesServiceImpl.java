package com.sharestack.social;

import com.sharestack.contract.AcknowledgeResult;
import com.sharestack.contract.Caller;
import com.sharestack.contract.EventHead;
import com.sharestack.contract.EventHeads;
import com.sharestack.contract.EventsPage;
import com.sharestack.contract.MessageDelivered;
import com.sharestack.contract.MessageEvents;
import com.sharestack.contract.MessageRecalled;
import com.sharestack.contract.MessageSent;
import com.sharestack.contract.MessageUnread;
import com.sharestack.contract.MessagesAcknowledgeRequest;
import com.sharestack.contract.MessagesDeliverRequest;
import com.sharestack.contract.MessagesEventsRequest;
import com.sharestack.contract.MessagesHeadsRequest;
import com.sharestack.contract.MessagesReadRequest;
import com.sharestack.contract.MessagesRecallRequest;
import com.sharestack.contract.MessagesResumeRequest;
import com.sharestack.contract.MessagesSendRequest;
import com.sharestack.contract.MessagesService;
import com.sharestack.contract.MessagesSyncRequest;
import com.sharestack.contract.MessagesTypingRequest;
import com.sharestack.contract.MessagesUnreadRequest;
import com.sharestack.contract.PrivateMessage;
import com.sharestack.contract.ReadResult;
import com.sharestack.contract.ResumeState;
import com.sharestack.contract.TypingAudience;
import io.vertx.core.Future;
import java.util.List;

/** Operations messages.* */
final class MessagesServiceImpl implements MessagesService {

  private final Core core;
  private final Sending sending;
  private final Reading reading;
  private final Recalling recalling;
  private final Opening opening;
  private final Synchronizing synchronizing;
  private final Typing typing;
  private final MessageViews views;

  MessagesServiceImpl(
      Core core,
      Sending sending,
      Opening opening,
      Synchronizing synchronizing,
      MessageViews views) {
    this.core = core;
    this.sending = sending;
    this.reading = new Reading(core);
    this.recalling = new Recalling(core);
    this.opening = opening;
    this.synchronizing = synchronizing;
    this.typing = new Typing(core);
    this.views = views;
  }

  @Override
  public Future<MessageSent> send(Caller caller, MessagesSendRequest request) {
    Sending.Sent sent = sending.send(caller, request.body());
    return Future.succeededFuture(
        new MessageSent(view(caller, sent.message()), sent.duplicate(), sent.duplicate()));
  }

  @Override
  public Future<MessageDelivered> deliver(Caller caller, MessagesDeliverRequest request) {
    Sending.Sent sent = sending.send(caller, request.body());
    return Future.succeededFuture(
        new MessageDelivered(
            view(caller, sent.message()), sent.duplicate(), sent.message().senderEventSeq()));
  }

  @Override
  public Future<MessageRecalled> recall(Caller caller, MessagesRecallRequest request) {
    MessageRow recalled = recalling.recall(caller.userId(), request.id());
    return Future.succeededFuture(new MessageRecalled(view(caller, recalled)));
  }

  private PrivateMessage view(Caller caller, MessageRow row) {
    return views.of(core.rooms().require(core.db(), caller.userId(), row.conversationId()), row);
  }

  @Override
  public Future<ReadResult> read(Caller caller, MessagesReadRequest request) {
    return Future.succeededFuture(reading.read(caller, request.id(), request.body().upToSeq()));
  }

  @Override
  public Future<MessageUnread> unread(Caller caller, MessagesUnreadRequest request) {
    opening.settleRequests(caller);
    ConversationRepository.Unread unread = core.conversations().unread(core.db(), caller.userId());
    return Future.succeededFuture(
        new MessageUnread(
            unread.total(), unread.muted(), unread.requests(), unread.conversations()));
  }

  @Override
  public Future<MessageEvents> sync(Caller caller, MessagesSyncRequest request) {
    return Future.succeededFuture(
        synchronizing.sync(caller, request.sinceSeq(), request.limit(), request.wait_()));
  }

  @Override
  public Future<ResumeState> resume(Caller caller, MessagesResumeRequest request) {
    return Future.succeededFuture(synchronizing.resume(caller.userId(), request.body().sinceSeq()));
  }

  @Override
  public Future<EventsPage> events(Caller caller, MessagesEventsRequest request) {
    return Future.succeededFuture(
        synchronizing.events(caller, request.body().sinceSeq(), request.body().limit()));
  }

  @Override
  public Future<EventHeads> heads(Caller caller, MessagesHeadsRequest request) {
    List<EventHead> heads =
        core.events().counters(core.db(), request.body().ids()).values().stream()
            .map(counter -> new EventHead(counter.userId(), counter.head()))
            .toList();
    return Future.succeededFuture(new EventHeads(heads));
  }

  @Override
  public Future<AcknowledgeResult> acknowledge(Caller caller, MessagesAcknowledgeRequest request) {
    return Future.succeededFuture(
        new AcknowledgeResult(synchronizing.acknowledge(caller, request.body())));
  }

  @Override
  public Future<TypingAudience> typing(Caller caller, MessagesTypingRequest request) {
    return Future.succeededFuture(
        new TypingAudience(typing.audience(caller, request.body().conversationId())));
  }
}
