package com.sharestack.analytics;

import com.sharestack.contract.NotificationMetadata;
import java.time.Instant;

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
    Instant at) {}
