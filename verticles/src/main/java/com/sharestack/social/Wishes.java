package com.sharestack.social;

/**
 * Those of a user's settings that decide what others can do and see.
 *
 * @param receipts whether read receipts are sent and shown
 * @param typing whether typing is shown
 */
record Wishes(WhoCanMessage whoCanMessage, boolean receipts, boolean typing) {

  static final Wishes DEFAULT = new Wishes(WhoCanMessage.EVERYONE, true, true);
}
