package com.sharestack.content;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.ArticleAuthor;
import com.sharestack.contract.Caller;
import com.sharestack.contract.IdBatch;
import com.sharestack.contract.Principal;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UsernameBatch;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersHiddenAuthorsRequest;
import com.sharestack.contract.UsersPrincipalsRequest;
import com.sharestack.contract.UsersResolveRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.contract.ViewerQuery;
import com.sharestack.platform.cache.LocalCache;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the domain users says about people; name cards are kept for three seconds. */
final class Authors {

  private static final int CARDS_KEPT = 5_000;

  private final UsersService users;
  private final LocalCache<Long, UserCard> cards;

  Authors(UsersService users, Clock clock) {
    this.users = users;
    this.cards = LocalCache.ofEntries(clock, Duration.ofSeconds(3), CARDS_KEPT);
  }

  /** By id, in one call at most; unknown users are left out. */
  Map<Long, UserCard> cards(Caller caller, Collection<Long> ids) {
    Map<Long, UserCard> found = new HashMap<>();
    List<Long> asked =
        ids.stream()
            .distinct()
            .filter(
                id -> {
                  cards.get(id).ifPresent(card -> found.put(id, card));
                  return !found.containsKey(id);
                })
            .toList();
    if (!asked.isEmpty()) {
      for (UserCard card :
          users.cards(caller, new UsersCardsRequest(new IdBatch(asked))).await().cards()) {
        cards.put(card.userId(), card);
        found.put(card.userId(), card);
      }
    }
    return found;
  }

  Optional<UserCard> card(Caller caller, long id) {
    return Optional.ofNullable(cards(caller, List.of(id)).get(id));
  }

  /** Who blocked the caller or is blocked by him; empty for anonymous callers. */
  List<Long> hiddenFrom(Caller caller) {
    if (caller.userId() == null) {
      return List.of();
    }
    return users
        .hiddenAuthors(caller, new UsersHiddenAuthorsRequest(new ViewerQuery(caller.userId())))
        .await()
        .ids();
  }

  Optional<UserCard> named(Caller caller, String username) {
    return users
        .resolve(caller, new UsersResolveRequest(new UsernameBatch(List.of(username))))
        .await()
        .cards()
        .stream()
        .findFirst();
  }

  /** Account state and permissions as of now; empty when there is no such user. */
  Optional<Principal> principal(Caller caller, long id) {
    return users
        .principals(caller, new UsersPrincipalsRequest(new IdBatch(List.of(id))))
        .await()
        .principals()
        .stream()
        .findFirst();
  }

  void forget(long id) {
    cards.evict(id);
  }

  /** Whether strangers may see what this account wrote. */
  static boolean shown(UserCard card) {
    return card != null && card.status() == AccountStatus.ACTIVE && !card.contentHidden();
  }

  /** The author block of a list row; the detail adds the bio. */
  static ArticleAuthor author(UserCard card) {
    return ArticleAuthor.builder()
        .userId(card.userId())
        .username(card.username())
        .displayName(card.displayName())
        .avatar(card.avatar())
        .build();
  }

  static ArticleAuthor authorWithBio(UserCard card) {
    return ArticleAuthor.builder()
        .userId(card.userId())
        .username(card.username())
        .displayName(card.displayName())
        .avatar(card.avatar())
        .bio(card.bio())
        .build();
  }
}
