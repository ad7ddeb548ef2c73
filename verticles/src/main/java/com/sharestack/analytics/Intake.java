package com.sharestack.analytics;

import com.sharestack.contract.ContentStatusChangedEvent;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.MessageSentEvent;
import com.sharestack.contract.PaymentCompletedEvent;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.PaymentRefundedEvent;
import com.sharestack.contract.RefundStatus;
import com.sharestack.contract.UserLoginSuspiciousEvent;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.events.Event;
import com.sharestack.platform.events.EventHandler;
import com.sharestack.platform.jobs.JobQueue;
import java.util.Map;

/**
 * Takes events: decides who is to be told what, and queues that in the transaction of the inbox.
 * Nothing here waits for another domain.
 */
final class Intake {

  private final JobQueue jobs;

  Intake(JobQueue jobs) {
    this.jobs = jobs;
  }

  Map<EventTopic, EventHandler> handlers() {
    return Map.ofEntries(
        Map.entry(EventTopic.PAYMENT_COMPLETED, this::paymentCompleted),
        Map.entry(EventTopic.PAYMENT_FAILED, this::paymentFailed),
        Map.entry(EventTopic.PAYMENT_REFUNDED, this::paymentRefunded),
        Map.entry(EventTopic.SUBSCRIPTION_ACTIVATED, this::subscriptionActivated),
        Map.entry(EventTopic.SUBSCRIPTION_RENEWED, this::subscriptionRenewed),
        Map.entry(EventTopic.SUBSCRIPTION_CANCELLED, this::subscriptionCancelled),
        Map.entry(EventTopic.SUBSCRIPTION_PAST_DUE, this::subscriptionPastDue),
        Map.entry(EventTopic.SUBSCRIPTION_REMINDER, this::subscriptionReminder),
        Map.entry(EventTopic.CONTENT_STATUS_CHANGED, this::contentStatusChanged),
        Map.entry(EventTopic.USER_LOGIN_SUSPICIOUS, this::loginSuspicious),
        Map.entry(EventTopic.MESSAGE_SENT, this::messageSent),
        Map.entry(EventTopic.FINANCE_REPORT_FINISHED, this::reportFinished));
  }

  private void subscriptionActivated(Tx tx, Event event) {
    queue(tx, event, NotificationKind.SUBSCRIPTION_NEW);
    queue(tx, event, NotificationKind.SUBSCRIPTION_WELCOME);
  }

  /** The subscriber hears of his payment. */
  private void subscriptionRenewed(Tx tx, Event event) {
    queue(tx, event, NotificationKind.SUBSCRIPTION_RENEWED);
  }

  private void subscriptionCancelled(Tx tx, Event event) {
    queue(tx, event, NotificationKind.SUBSCRIPTION_CANCELLED);
    queue(tx, event, NotificationKind.SUBSCRIPTION_STOPPED);
  }

  private void subscriptionPastDue(Tx tx, Event event) {
    queue(tx, event, NotificationKind.RENEWAL_FAILED);
  }

  private void subscriptionReminder(Tx tx, Event event) {
    queue(tx, event, NotificationKind.SUBSCRIPTION_REMINDER);
  }

  private void paymentCompleted(Tx tx, Event event) {
    PaymentCompletedEvent payment = event.payload(PaymentCompletedEvent.class);
    queue(tx, event, NotificationKind.PAYMENT_DONE);
    if (payment.purpose() == PaymentPurpose.PURCHASE && !payment.late()) {
      queue(tx, event, NotificationKind.SALE_NEW);
    }
  }

  private void paymentFailed(Tx tx, Event event) {
    queue(tx, event, NotificationKind.PAYMENT_FAILED);
  }

  /** Money that never was the creator's is nothing to tell him. */
  private void paymentRefunded(Tx tx, Event event) {
    PaymentRefundedEvent refund = event.payload(PaymentRefundedEvent.class);
    if (refund.notifyUser()) {
      queue(tx, event, NotificationKind.REFUND_RESULT);
    }
    if (refund.status() == RefundStatus.SUCCESS && refund.ofSale()) {
      queue(tx, event, NotificationKind.SALE_REFUNDED);
    }
  }

  private void contentStatusChanged(Tx tx, Event event) {
    ContentStatusChangedEvent change = event.payload(ContentStatusChangedEvent.class);
    if (ReviewOutcome.of(change).isPresent()) {
      queue(tx, event, NotificationKind.CONTENT_REVIEW_RESULT);
    }
    if (change.firstPublication()) {
      queue(tx, event, NotificationKind.NEW_CONTENT);
    }
  }

  /** The user's own setting decides whether he is told. */
  private void loginSuspicious(Tx tx, Event event) {
    if (event.payload(UserLoginSuspiciousEvent.class).loginAlerts()) {
      queue(tx, event, NotificationKind.SECURITY_ALERT);
    }
  }

  /** Who is connected sees the message itself. */
  private void messageSent(Tx tx, Event event) {
    MessageSentEvent message = event.payload(MessageSentEvent.class);
    if (!message.recipientOnline() && !message.silent()) {
      queue(tx, event, NotificationKind.PRIVATE_MESSAGE);
    }
  }

  private void reportFinished(Tx tx, Event event) {
    queue(tx, event, NotificationKind.DATA_JOB);
  }

  private void queue(Tx tx, Event event, NotificationKind kind) {
    Task task = Task.of(event, kind);
    jobs.enqueue(tx, Task.JOB_TYPE, task.key(), task.toJson(), Task.MOST_ATTEMPTS);
  }
}
