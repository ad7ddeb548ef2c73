/**
 * Private messages (contract: conversations.*, messages.*, protocol sharestack.dm.v1).
 *
 * <p>Tables: conversations, conversation_members, messages, message_events, message_counters,
 * message_devices, message_settings.
 *
 * <p>Every writer locks the conversation first, then the counters of its users, lower id first;
 * numbers of messages and events are given under those locks, so a rollback leaves no gap. Events
 * in: user.blocked, user.unblocked. Events out: message.sent, when a recipient was away. Gateways
 * get hints after the commit. Blocks, follows and cards are asked of users in batches, keyword
 * rules of content.
 */
package com.sharestack.social;
