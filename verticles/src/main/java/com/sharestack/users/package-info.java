/**
 * Accounts, sessions, profiles and how users stand to each other (contract: auth.*, users.*,
 * sessions.*, blocks.*).
 *
 * <p>Tables: users, user_profiles, user_privacy, user_preferences, user_terms, user_counts,
 * password_history, account_tokens, sessions, refresh_tokens, login_attempts, security_events,
 * roles, role_permissions, user_roles, user_blocks, follows, mails.
 *
 * <p>Events out: user.registered, user.logged_in, user.login_suspicious, session.revoked,
 * user.blocked, user.unblocked. Events in: none. Asks content for the statistics of an author,
 * billing for prices, subscribers and grants.
 */
package com.sharestack.users;
