package com.sharestack.users;

import static com.sharestack.users.UsersNode.anybody;
import static com.sharestack.users.UsersNode.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.Consent;
import com.sharestack.contract.ConsentsQuery;
import com.sharestack.contract.IdBatch;
import com.sharestack.contract.Principal;
import com.sharestack.contract.Relations;
import com.sharestack.contract.RelationsQuery;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UsernameBatch;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersConsentsRequest;
import com.sharestack.contract.UsersHiddenAuthorsRequest;
import com.sharestack.contract.UsersPrincipalsRequest;
import com.sharestack.contract.UsersRelationsRequest;
import com.sharestack.contract.UsersResolveRequest;
import com.sharestack.contract.ViewerQuery;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UserLookupsTest {

  private static final Caller CALLER = anybody().build();

  private static UsersNode users;
  private static long first;
  private static long second;
  private static long third;

  @BeforeAll
  static void start() {
    users = new UsersNode("users_lookups");
    first = users.reader("Look_First");
    second = users.creator("look_second");
    third = users.reader("look_third");
  }

  @AfterAll
  static void stop() {
    users.close();
  }

  @Test
  void aCardFallsBackToTheUsernameAndHidesDeletedAccounts() {
    long gone = users.reader("look_gone");
    users.sql("UPDATE user_profiles SET display_name = '旧名', bio = 'x' WHERE user_id = ?", gone);
    users.sql("UPDATE users SET status = 'deleted' WHERE user_id = ?", gone);
    List<UserCard> cards = cards(List.of(first, gone, first, 9_999_999L));
    assertEquals(2, cards.size());
    assertEquals("Look_First", card(cards, first).displayName());
    assertEquals("已注销用户", card(cards, gone).displayName());
    assertNull(card(cards, gone).bio());
    assertEquals(AccountStatus.DELETED, card(cards, gone).status());
    assertTrue(cards(List.of()).isEmpty());
  }

  @Test
  void namesResolveInAnyCaseAndStrangeOnesAreLeftOut() {
    List<UserCard> cards =
        users.node.await(
            () ->
                users
                    .users
                    .resolve(
                        CALLER,
                        new UsersResolveRequest(
                            new UsernameBatch(
                                List.of("LOOK_first", "look_SECOND", "没有", "nobody_x"))))
                    .await()
                    .cards());
    assertEquals(List.of(first, second), cards.stream().map(UserCard::userId).sorted().toList());
  }

  @Test
  void moreThanABatchIsRefused() {
    List<Long> ids = LongStream.rangeClosed(1, 201).boxed().toList();
    refused(400, "VALIDATION_ERROR", () -> cards(ids));
    assertTrue(cards(ids.subList(0, 200)).size() >= 3);
  }

  @Test
  void aPrincipalHoldsTheUnionOfWhatItsRolesPermit() {
    long staff = users.creator("look_staff");
    grant(staff, "moderator");
    grant(staff, "support");
    Principal principal = principals(List.of(staff)).getFirst();
    assertEquals(List.of("user", "creator", "moderator", "support"), principal.roles());
    assertTrue(principal.permissions().contains("moderation:review"));
    assertTrue(principal.permissions().contains("complaint:process"));
    assertEquals(
        principal.permissions().stream().distinct().toList(),
        principal.permissions(),
        "no repeats");
    assertEquals(List.of("user"), principals(List.of(first)).getFirst().roles());
    users.sql("UPDATE users SET status = 'banned' WHERE user_id = ?", staff);
    Principal banned = principals(List.of(staff)).getFirst();
    assertEquals(AccountStatus.BANNED, banned.status());
    assertTrue(banned.permissions().isEmpty(), "an account that is not active may do nothing");
  }

  @Test
  void batchesCostTheSameNumberOfStatementsWhateverTheirSize() {
    List<Long> one = List.of(first);
    List<Long> many = LongStream.rangeClosed(1, 150).boxed().toList();
    assertEquals(2, statements(() -> principals(one)));
    assertEquals(2, statements(() -> principals(many)));
    assertEquals(1, statements(() -> cards(many)));
    assertEquals(1, statements(() -> relations(first, many)));
  }

  @Test
  void relationsSayWhoBlocksAndWhoFollows() {
    block(first, second);
    block(third, first);
    users.sql(
        "INSERT INTO follows (follower_id, following_id, created_at) VALUES (?, ?, '2026-01-01')",
        first,
        third);
    Relations relations = relations(first, List.of(second, third, 9_999_999L));
    assertEquals(List.of(second), relations.blocking());
    assertEquals(List.of(third), relations.blockedBy());
    assertEquals(List.of(third), relations.following());
    assertEquals(
        new Relations(List.of(), List.of(), List.of(), List.of()), relations(first, List.of()));
    assertEquals(List.of(third, second), hidden(first), "newest first");
    assertEquals(List.of(first), hidden(second));
  }

  @Test
  void consentsAreThoseOfThePrivacySettings() {
    users.sql("UPDATE user_privacy SET analytics_consent = 0 WHERE user_id = ?", second);
    List<Consent> consents =
        users.node.await(
            () ->
                users
                    .users
                    .consents(
                        CALLER,
                        new UsersConsentsRequest(new ConsentsQuery(List.of(second, 9_999_999L))))
                    .await()
                    .consents());
    assertEquals(1, consents.size());
    assertFalse(consents.getFirst().analyticsConsent());
    assertTrue(consents.getFirst().personalizedRecommendations());
  }

  private static List<UserCard> cards(List<Long> ids) {
    return users.node.await(
        () -> users.users.cards(CALLER, new UsersCardsRequest(new IdBatch(ids))).await().cards());
  }

  private static UserCard card(List<UserCard> cards, long userId) {
    return cards.stream().filter(card -> card.userId() == userId).findFirst().orElseThrow();
  }

  private static List<Principal> principals(List<Long> ids) {
    return users.node.await(
        () ->
            users
                .users
                .principals(CALLER, new UsersPrincipalsRequest(new IdBatch(ids)))
                .await()
                .principals());
  }

  private static Relations relations(long viewer, List<Long> others) {
    return users.node.await(
        () ->
            users
                .users
                .relations(CALLER, new UsersRelationsRequest(new RelationsQuery(viewer, others)))
                .await());
  }

  private static List<Long> hidden(long viewer) {
    return users.node.await(
        () ->
            users
                .users
                .hiddenAuthors(CALLER, new UsersHiddenAuthorsRequest(new ViewerQuery(viewer)))
                .await()
                .ids());
  }

  private static void grant(long userId, String role) {
    users.sql(
        "INSERT INTO user_roles (user_id, role, granted_at) VALUES (?, ?, '2026-01-01')",
        userId,
        role);
  }

  private static void block(long blocker, long blocked) {
    users.sql(
        "INSERT INTO user_blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, '2026-01-01')",
        blocker,
        blocked);
  }

  private static int statements(Supplier<?> call) {
    var counter = users.node.platform().meters().counter("sharestack.db.statements");
    double before = counter.count();
    call.get();
    return (int) (counter.count() - before);
  }
}
