package com.sharestack.social;

import com.sharestack.contract.ConversationUpdate;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

/** Pins, mutes, archives and accepts conversations, each for oneself. */
final class Arranging {

  static final int MOST_PINNED = 10;

  private final Core core;

  Arranging(Core core) {
    this.core = core;
  }

  private record Outcome(Dialogue dialogue, Map<Long, Long> heads) {}

  Dialogue update(long user, long conversationId, ConversationUpdate wish) {
    boolean empty =
        Stream.of(wish.isArchived(), wish.isPinned(), wish.isMuted(), wish.accept())
            .allMatch(field -> field == null);
    if (empty) {
      throw Errors.invalid("is_archived", "至少填写一项");
    }
    Outcome outcome =
        core.db()
            .tx(
                tx -> {
                  Dialogue dialogue = core.rooms().lock(tx, user, conversationId);
                  return arrange(tx, dialogue, wish);
                });
    core.announce(outcome.heads());
    return outcome.dialogue();
  }

  private Outcome arrange(Tx tx, Dialogue dialogue, ConversationUpdate wish) {
    Instant now = core.now();
    MemberRow mine = dialogue.mine();
    MemberRow wanted =
        mine.arranged(
            mine.request() && !Boolean.TRUE.equals(wish.accept()),
            orElse(wish.isMuted(), mine.muted()),
            orElse(wish.isArchived(), mine.archived()),
            pinned(mine, wish.isPinned(), now));
    if (wanted.equals(mine)) {
      return new Outcome(dialogue, Map.of());
    }
    EventLog.Writer log = core.log().open(tx, now, mine.userId());
    if (mine.pinnedAt() == null && wanted.pinnedAt() != null) {
      requireRoom(tx, mine.userId());
    }
    core.conversations().update(tx, wanted);
    log.add(mine.userId(), EventDraft.updated(dialogue.id()));
    return new Outcome(new Dialogue(dialogue.conversation(), wanted, dialogue.peer()), log.flush());
  }

  /** Archives one that is still idle, read and not pinned. */
  Map<Long, Long> archive(Tx tx, long user, long conversationId, Instant idleSince) {
    Dialogue dialogue = core.rooms().lock(tx, user, conversationId);
    MemberRow mine = dialogue.mine();
    boolean idle = mine.listedAt().isBefore(idleSince) && mine.unreadCount() == 0;
    if (mine.archived() || mine.pinnedAt() != null || !idle) {
      return Map.of();
    }
    EventLog.Writer log = core.log().open(tx, core.now(), user);
    core.conversations().update(tx, mine.arranged(mine.request(), mine.muted(), true, null));
    log.add(user, EventDraft.updated(conversationId));
    return log.flush();
  }

  private static boolean orElse(Boolean wish, boolean present) {
    return wish == null ? present : wish;
  }

  /** A pin keeps its time when it is set again. */
  private static Instant pinned(MemberRow mine, Boolean wish, Instant now) {
    if (wish == null || wish == (mine.pinnedAt() != null)) {
      return mine.pinnedAt();
    }
    return wish ? now : null;
  }

  private void requireRoom(Tx tx, long user) {
    int pinned = core.conversations().countPinned(tx, user);
    if (pinned >= MOST_PINNED) {
      throw Errors.of(ErrorCode.LIMIT_REACHED, "limit", MOST_PINNED, "current", pinned);
    }
  }
}
