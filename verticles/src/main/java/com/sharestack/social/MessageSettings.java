package com.sharestack.social;

/**
 * A user's settings for private messages.
 *
 * @param receipts whether read receipts are sent and shown
 * @param typing whether typing is shown
 */
record MessageSettings(WhoCanMessage whoCanMessage, boolean receipts, boolean typing) {

  static final MessageSettings DEFAULT = new MessageSettings(WhoCanMessage.EVERYONE, true, true);
}
