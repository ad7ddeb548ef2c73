package com.sharestack.analytics;

import com.sharestack.contract.NotificationMetadata;
import java.time.Instant;
import java.util.Map;

/**
 * A notification before it has a reader.
 *
 * @param sourceEventId the outbox event behind it; a reader gets one row of it
 * @param at when the action happened
 */
record Draft(
    NotificationKind kind,
    long sourceEventId,
    String title,
    String content,
    String actionUrl,
    NotificationMetadata metadata,
    Instant at) {

  /** In the words of the template. */
  static Draft of(
      NotificationKind kind,
      long sourceEventId,
      Template template,
      Map<String, ?> values,
      String actionUrl,
      NotificationMetadata metadata,
      Instant at) {
    return new Draft(
        kind,
        sourceEventId,
        template.title(values),
        template.content(values),
        actionUrl,
        metadata,
        at);
  }
}
