package com.sharestack.analytics;

import com.sharestack.contract.NotificationMetadata;

/**
 * What a notification that grows says after one more action.
 *
 * @param metadata with the count of all actions and the newest actors
 */
record Merged(
    NotificationKind kind,
    String title,
    String content,
    String actionUrl,
    NotificationMetadata metadata) {}
