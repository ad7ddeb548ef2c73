/**
 * What happened, told to those it concerns: notifications.
 *
 * <p>Tables: notifications. Events in: payment.completed, failed and refunded,
 * subscription.activated, renewed, cancelled, past_due and reminder, content.status.changed,
 * user.login_suspicious, message.sent; out: none. An event is taken by queueing a job in the
 * transaction of the inbox; the job asks users and billing what it needs to know, outside any
 * transaction, and then writes notifications and its own progress together. Redis holds unread
 * counters and nothing else.
 */
package com.sharestack.analytics;
