package com.sharestack.analytics;

import com.sharestack.contract.NotificationPriority;
import com.sharestack.contract.NotificationType;
import java.time.Duration;

/** The events of the contract's notification catalogue that something causes. */
enum NotificationKind {
  SUBSCRIPTION_NEW(
      NotificationType.PAYMENT,
      NotificationPriority.NORMAL,
      Duration.ofMinutes(60),
      "subscription_new"),
  /** To the creator, like the next one. */
  SUBSCRIPTION_RENEWED(
      NotificationType.PAYMENT,
      NotificationPriority.NORMAL,
      Duration.ofMinutes(60),
      "subscription_new"),
  SUBSCRIPTION_CANCELLED(
      NotificationType.PAYMENT,
      NotificationPriority.NORMAL,
      Duration.ofMinutes(60),
      "subscription_new"),
  /** To the subscriber, like the next two: his subscription is cancelled. */
  SUBSCRIPTION_STOPPED(
      NotificationType.PAYMENT, NotificationPriority.HIGH, null, "subscription_reminder"),
  RENEWAL_FAILED(
      NotificationType.PAYMENT, NotificationPriority.HIGH, null, "subscription_reminder"),
  SUBSCRIPTION_REMINDER(
      NotificationType.PAYMENT, NotificationPriority.HIGH, null, "subscription_reminder"),
  SUBSCRIPTION_WELCOME(
      NotificationType.PAYMENT, NotificationPriority.NORMAL, null, "subscription_welcome"),
  /** Merges as long as the row is unread, however long that is. */
  PRIVATE_MESSAGE(NotificationType.SOCIAL, NotificationPriority.NORMAL, null, "private_message"),
  /** A single sale, told to the creator. */
  SALE_NEW(NotificationType.PAYMENT, NotificationPriority.NORMAL, null, "subscription_new"),
  PAYMENT_DONE(NotificationType.PAYMENT, NotificationPriority.HIGH, null, "payment_result"),
  PAYMENT_FAILED(NotificationType.PAYMENT, NotificationPriority.HIGH, null, "payment_result"),
  REFUND_RESULT(NotificationType.PAYMENT, NotificationPriority.HIGH, null, "payment_result"),
  /** A refund of a sale, told to the creator. */
  SALE_REFUNDED(NotificationType.PAYMENT, NotificationPriority.NORMAL, null, "earnings_update"),
  NEW_CONTENT(NotificationType.CONTENT, NotificationPriority.NORMAL, null, "new_content"),
  CONTENT_REVIEW_RESULT(
      NotificationType.CONTENT, NotificationPriority.HIGH, null, "content_review_result"),
  DATA_JOB(NotificationType.SYSTEM, NotificationPriority.NORMAL, null, "data_job"),
  SECURITY_ALERT(NotificationType.SYSTEM, NotificationPriority.URGENT, null, "security_alert");

  private final NotificationType type;
  private final NotificationPriority priority;
  private final Duration mergeWindow;
  private final String event;

  NotificationKind(
      NotificationType type, NotificationPriority priority, Duration mergeWindow, String event) {
    this.type = type;
    this.priority = priority;
    this.mergeWindow = mergeWindow;
    this.event = event;
  }

  NotificationType type() {
    return type;
  }

  NotificationPriority priority() {
    return priority;
  }

  /** How long further actions grow the same unread row; null = no time ends that. */
  Duration mergeWindow() {
    return mergeWindow;
  }

  /** Its literal in the catalogue. */
  String event() {
    return event;
  }
}
