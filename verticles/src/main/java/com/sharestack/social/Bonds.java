package com.sharestack.social;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.UserCard;
import java.util.Map;
import java.util.Set;

/** How one user stands to others, and who they are, as users said a moment ago. */
record Bonds(
    Map<Long, UserCard> cards,
    Set<Long> blockedBySet,
    Set<Long> blockingSet,
    Set<Long> followingSet,
    Set<Long> followedBySet) {

  boolean known(long userId) {
    return cards.containsKey(userId);
  }

  boolean active(long userId) {
    UserCard card = cards.get(userId);
    return card != null && card.status() == AccountStatus.ACTIVE;
  }

  boolean blockedBy(long userId) {
    return blockedBySet.contains(userId);
  }

  boolean blocking(long userId) {
    return blockingSet.contains(userId);
  }

  /** A block in either direction. */
  boolean blocks(long userId) {
    return blockedBy(userId) || blocking(userId);
  }

  boolean following(long userId) {
    return followingSet.contains(userId);
  }

  boolean followedBy(long userId) {
    return followedBySet.contains(userId);
  }
}
