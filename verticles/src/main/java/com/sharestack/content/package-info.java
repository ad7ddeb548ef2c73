/**
 * Articles and who may read them: categories, tags, texts, publication, lists and search, access
 * and trial. Texts are rendered, sanitised and cut when they are written ({@code content.text}).
 *
 * <p>Tables: categories, tags, articles, article_bodies, article_versions, article_tags,
 * article_slugs, article_status_log, article_media, article_search, article_fingerprints,
 * article_access, author_counts.
 *
 * <p>Events out: content.created, content.updated, content.status.changed, content.access.changed,
 * content.view. Events in: subscription.activated, plan_changed, cancelled and expired,
 * content.access.changed (they drop cached access and rendered details). Calls billing:
 * subscriptions and purchases that open a text, and the first opening of what was paid lately.
 *
 * <p>Lock order of every write: the article row, slugs, tags by key, categories by id, the author's
 * counts, search and fingerprint rows.
 */
package com.sharestack.content;
