package com.sharestack.social;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Opens conversations without a message, and settles requests of people the user follows. */
final class Opening {

  private static final int MOST_PER_HOUR = 30;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MOST_SETTLED = 200;

  private final Core core;

  Opening(Core core) {
    this.core = core;
  }

  /**
   * @param existed whether the opener had it before
   */
  record Opened(Dialogue dialogue, boolean existed) {}

  Opened open(Caller caller, long peer) {
    long opener = caller.userId();
    if (peer == opener) {
      throw Errors.invalid("user_id", "不能与自己对话");
    }
    Optional<Dialogue> present =
        core.conversations()
            .idOfPair(core.db(), opener, peer)
            .flatMap(id -> core.conversations().dialogue(core.db(), opener, id))
            .filter(dialogue -> !dialogue.secret());
    if (present.isPresent()) {
      return new Opened(present.get(), true);
    }
    Bonds bonds = core.peers().of(caller, opener, List.of(peer));
    if (!bonds.known(peer)) {
      throw Errors.of(ErrorCode.USER_NOT_FOUND);
    }
    return core.db().tx(tx -> open(tx, opener, peer, bonds));
  }

  private Opened open(Tx tx, long opener, long peer, Bonds bonds) {
    Instant now = core.now();
    Dialogue dialogue = core.rooms().lockOrMake(tx, opener, peer, opener, now);
    if (!dialogue.secret()) {
      return new Opened(dialogue, true);
    }
    Wishes wishes = core.settings().of(tx, List.of(peer)).get(peer);
    SendRules.refusal(SendRules.Standing.strangers(bonds, peer, wishes))
        .ifPresent(
            code -> {
              throw Errors.of(code);
            });
    core.log().open(tx, now, opener);
    if (core.conversations().openedSince(tx, opener, now.minus(HOUR)) > MOST_PER_HOUR) {
      throw Errors.of(ErrorCode.RATE_LIMIT_EXCEEDED, "retry_after", HOUR.toSeconds());
    }
    core.conversations().update(tx, dialogue.mine().opened());
    if (bonds.followedBy(peer) && dialogue.peer().request()) {
      core.conversations().update(tx, dialogue.peer().accepted());
    }
    return new Opened(
        core.conversations().dialogue(tx, opener, dialogue.id()).orElseThrow(), false);
  }

  /** A request of somebody the user follows meanwhile is none any more. */
  void settleRequests(Caller caller) {
    long user = caller.userId();
    List<Long> askers = core.conversations().askers(core.db(), user, MOST_SETTLED);
    if (askers.isEmpty()) {
      return;
    }
    Bonds bonds = core.peers().relations(caller, user, askers);
    askers.stream().filter(bonds::following).forEach(asker -> accept(user, asker));
  }

  private void accept(long user, long asker) {
    core.db()
        .tx(
            tx -> {
              Dialogue dialogue = core.rooms().lockOrMake(tx, user, asker, null, core.now());
              if (dialogue.mine().request()) {
                core.conversations().update(tx, dialogue.mine().accepted());
              }
              return null;
            });
  }
}
