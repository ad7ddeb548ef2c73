package com.sharestack.billing.rails;

/** What a rail wants to hear after a notification, in its own form instead of our envelope. */
public record Answer(int status, String contentType, String body) {}
