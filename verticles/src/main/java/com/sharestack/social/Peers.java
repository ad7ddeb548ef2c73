package com.sharestack.social;

import com.sharestack.contract.Caller;
import com.sharestack.contract.IdBatch;
import com.sharestack.contract.Relations;
import com.sharestack.contract.RelationsQuery;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserCards;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersRelationsRequest;
import com.sharestack.contract.UsersService;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks users who the others are and how they stand to the viewer, 200 per call. Blocks are never
 * kept here: the row in users decides, so a block or its end counts for every request that begins
 * after it was answered.
 */
final class Peers {

  private static final int BATCH = 200;

  private final UsersService users;

  Peers(UsersService users) {
    this.users = users;
  }

  /** Fails as users does: without an answer nothing is sent and no list is shown. */
  Bonds of(Caller caller, long viewer, Collection<Long> others) {
    List<Future<UserCards>> cards = new ArrayList<>();
    List<Future<Relations>> relations = new ArrayList<>();
    for (List<Long> part : parts(others)) {
      cards.add(users.cards(caller, new UsersCardsRequest(new IdBatch(part))));
      relations.add(relations(caller, viewer, part));
    }
    Map<Long, UserCard> found = new HashMap<>();
    for (Future<UserCards> answer : cards) {
      answer.await().cards().forEach(card -> found.put(card.userId(), card));
    }
    return bonds(found, relations);
  }

  /** Without cards, for who only needs to know of blocks. */
  Bonds relations(Caller caller, long viewer, Collection<Long> others) {
    List<Future<Relations>> relations = new ArrayList<>();
    for (List<Long> part : parts(others)) {
      relations.add(relations(caller, viewer, part));
    }
    return bonds(Map.of(), relations);
  }

  private Future<Relations> relations(Caller caller, long viewer, List<Long> part) {
    return users.relations(caller, new UsersRelationsRequest(new RelationsQuery(viewer, part)));
  }

  private static Bonds bonds(Map<Long, UserCard> cards, List<Future<Relations>> answers) {
    Set<Long> blockedBy = new HashSet<>();
    Set<Long> blocking = new HashSet<>();
    Set<Long> following = new HashSet<>();
    Set<Long> followedBy = new HashSet<>();
    for (Future<Relations> answer : answers) {
      Relations relations = answer.await();
      blockedBy.addAll(relations.blockedBy());
      blocking.addAll(relations.blocking());
      following.addAll(relations.following());
      followedBy.addAll(relations.followedBy());
    }
    return new Bonds(cards, blockedBy, blocking, following, followedBy);
  }

  private static List<List<Long>> parts(Collection<Long> ids) {
    List<Long> distinct = List.copyOf(new LinkedHashSet<>(ids));
    List<List<Long>> parts = new ArrayList<>();
    for (int i = 0; i < distinct.size(); i += BATCH) {
      parts.add(distinct.subList(i, Math.min(distinct.size(), i + BATCH)));
    }
    return parts;
  }
}
