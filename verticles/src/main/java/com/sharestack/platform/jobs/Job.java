package com.sharestack.platform.jobs;

import io.vertx.core.json.JsonObject;

/**
 * A claimed job.
 *
 * @param payload what to do and how far it is
 * @param lease proves that the claim still stands
 * @param attempts claims since the last finished step, this one included
 */
public record Job(
    long id,
    String type,
    String key,
    JsonObject payload,
    String lease,
    int attempts,
    int maxAttempts) {}
