package com.sharestack.social;

import com.sharestack.contract.EventTopic;
import com.sharestack.contract.MessageSentEvent;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobHandler;
import com.sharestack.platform.jobs.JobQueue;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * Ten seconds after a message: when no device of the recipient has it by then, message.sent tells
 * analytics to notify him. Muted conversations and requests are silent, recalled messages too.
 */
final class OfflineNotices implements JobHandler {

  static final String JOB_TYPE = "social.offline";
  static final Duration WAIT = Duration.ofSeconds(10);

  private static final int MOST_ATTEMPTS = 12;
  private static final String MESSAGE_ID = "message_id";

  private final Core core;
  private final JobQueue jobs;
  private final Outbox outbox;

  OfflineNotices(Core core, JobQueue jobs, Outbox outbox) {
    this.core = core;
    this.jobs = jobs;
    this.outbox = outbox;
  }

  /** Call in the transaction of the message. */
  void queue(Tx tx, MessageRow message, MemberRow recipient) {
    if (!silent(recipient)) {
      jobs.enqueueAt(
          tx,
          JOB_TYPE,
          String.valueOf(message.id()),
          new JsonObject().put(MESSAGE_ID, message.id()),
          MOST_ATTEMPTS,
          message.createdAt().plus(WAIT));
    }
  }

  private static boolean silent(MemberRow recipient) {
    return recipient.muted() || recipient.request();
  }

  @Override
  public void step(Job job) {
    core.db()
        .tx(
            tx -> {
              waiting(tx, job.payload().getLong(MESSAGE_ID))
                  .ifPresent(event -> outbox.publish(tx, EventTopic.MESSAGE_SENT, event));
              jobs.finish(tx, job);
              return null;
            });
  }

  private Optional<MessageSentEvent> waiting(Tx tx, long messageId) {
    return core.messages()
        .byId(tx, messageId)
        .filter(message -> !message.recalled() && message.deliveredAt() == null)
        .flatMap(
            message ->
                core.conversations()
                    .dialogue(tx, message.receiverId(), message.conversationId())
                    .map(Dialogue::mine)
                    .filter(mine -> !silent(mine))
                    .filter(mine -> mine.readSeq() < message.convSeq())
                    .map(mine -> event(message)));
  }

  private static MessageSentEvent event(MessageRow message) {
    return MessageSentEvent.builder()
        .messageId(message.id())
        .conversationId(message.conversationId())
        .senderId(message.senderId())
        .recipientId(message.receiverId())
        .recipientOnline(false)
        .silent(false)
        .at(message.createdAt())
        .build();
  }
}
