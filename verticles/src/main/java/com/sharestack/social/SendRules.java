package com.sharestack.social;

import com.sharestack.contract.ErrorCode;
import java.util.Optional;

/** Whether one user may write to another right now (entry messages.send, in its order). */
final class SendRules {

  /** To somebody who has not answered yet. */
  static final int MOST_IN_A_REQUEST = 3;

  private SendRules() {}

  /**
   * How sender and recipient stand.
   *
   * @param blocking the sender blocked the recipient
   * @param blocked the recipient blocked the sender
   * @param active the recipient's account is active
   * @param request the conversation is a request for the recipient
   * @param written messages the sender has written in it
   * @param answered the recipient has written in it
   */
  record Standing(
      boolean blocking,
      boolean blocked,
      boolean active,
      WhoCanMessage setting,
      boolean senderFollows,
      boolean recipientFollows,
      boolean request,
      int written,
      boolean answered) {

    static Standing of(Bonds bonds, Dialogue dialogue, Wishes recipient) {
      long peer = dialogue.peer().userId();
      boolean follows = bonds.followedBy(peer);
      return new Standing(
          bonds.blocking(peer),
          bonds.blockedBy(peer),
          bonds.active(peer),
          recipient.whoCanMessage(),
          bonds.following(peer),
          follows,
          dialogue.peer().request() && !follows,
          dialogue.mine().written(),
          dialogue.peer().written() > 0);
    }

    /** Before there is a conversation. */
    static Standing strangers(Bonds bonds, long peer, Wishes recipient) {
      boolean follows = bonds.followedBy(peer);
      return new Standing(
          bonds.blocking(peer),
          bonds.blockedBy(peer),
          bonds.active(peer),
          recipient.whoCanMessage(),
          bonds.following(peer),
          follows,
          !follows,
          0,
          false);
    }
  }

  /** The error a send is refused with; the other side's block looks like its privacy setting. */
  static Optional<ErrorCode> refusal(Standing standing) {
    if (standing.blocking()) {
      return Optional.of(ErrorCode.USER_BLOCKED);
    }
    if (standing.blocked() || !standing.active()) {
      return Optional.of(ErrorCode.MESSAGE_NOT_ALLOWED);
    }
    boolean talking = !standing.request() && standing.answered();
    if (!talking
        && !standing.setting().admits(standing.senderFollows(), standing.recipientFollows())) {
      return Optional.of(ErrorCode.MESSAGE_NOT_ALLOWED);
    }
    if (standing.request() && standing.written() >= MOST_IN_A_REQUEST) {
      return Optional.of(ErrorCode.MESSAGE_REQUEST_LIMIT);
    }
    return Optional.empty();
  }
}
