/**
 * What an article's text means: rendering, the free part, words, search tokens, automatic
 * moderation, slugs.
 *
 * <p>Pure functions of their arguments: no database, no event loop, no clock. Everything here is
 * bounded; text that would break a bound is refused with {@link
 * com.sharestack.content.text.UnrenderableText}.
 */
package com.sharestack.content.text;
