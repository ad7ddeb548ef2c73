package com.sharestack.billing;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.IdBatch;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserRef;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Creators as the users domain knows them. Never asked inside a transaction. */
final class Creators {

  /** Of one call. */
  private static final int MOST_CARDS = 200;

  private final UsersService users;

  Creators(UsersService users) {
    this.users = users;
  }

  /** Empty for an unknown or deleted account. */
  Optional<UserCard> card(Caller caller, long userId) {
    return cards(caller, userId).filter(card -> card.status() != AccountStatus.DELETED);
  }

  /** How the creator is shown; an account that is gone keeps its place. */
  UserRef ref(Caller caller, long userId) {
    return cards(caller, userId)
        .map(card -> new UserRef(card.userId(), card.username(), card.displayName(), card.avatar()))
        .orElseGet(() -> gone(userId));
  }

  /**
   * Usernames of accounts that exist.
   *
   * @param userIds at most 200
   */
  Map<Long, String> names(Caller caller, List<Long> userIds) {
    List<Long> ids = userIds.stream().distinct().toList();
    return ids.isEmpty()
        ? Map.of()
        : users.cards(caller, new UsersCardsRequest(new IdBatch(ids))).await().cards().stream()
            .filter(card -> card.status() != AccountStatus.DELETED)
            .collect(Collectors.toMap(UserCard::userId, UserCard::username));
  }

  /** The same for many at once, by id. */
  Map<Long, UserRef> refs(Caller caller, List<Long> userIds) {
    if (userIds.isEmpty()) {
      return Map.of();
    }
    Map<Long, UserRef> shown = new HashMap<>();
    users
        .cards(caller, new UsersCardsRequest(new IdBatch(userIds)))
        .await()
        .cards()
        .forEach(
            card ->
                shown.put(
                    card.userId(),
                    new UserRef(
                        card.userId(), card.username(), card.displayName(), card.avatar())));
    userIds.forEach(id -> shown.computeIfAbsent(id, Creators::gone));
    return shown;
  }

  private static UserRef gone(long userId) {
    return new UserRef(userId, "user" + userId, "已注销用户", null);
  }

  /** Cards of any number of accounts; those that are gone, and nobody's, are left out. */
  Map<Long, UserCard> all(Caller caller, List<Long> userIds) {
    List<Long> ids = userIds.stream().filter(id -> id > 0).distinct().toList();
    Map<Long, UserCard> found = new HashMap<>();
    for (int from = 0; from < ids.size(); from += MOST_CARDS) {
      List<Long> some = ids.subList(from, Math.min(ids.size(), from + MOST_CARDS));
      users.cards(caller, new UsersCardsRequest(new IdBatch(some))).await().cards().stream()
          .filter(card -> card.status() != AccountStatus.DELETED)
          .forEach(card -> found.put(card.userId(), card));
    }
    return found;
  }

  static boolean isCreator(UserCard card) {
    return card.userType() == UserType.CREATOR;
  }

  private Optional<UserCard> cards(Caller caller, long userId) {
    return users
        .cards(caller, new UsersCardsRequest(new IdBatch(List.of(userId))))
        .await()
        .cards()
        .stream()
        .findFirst();
  }
}
