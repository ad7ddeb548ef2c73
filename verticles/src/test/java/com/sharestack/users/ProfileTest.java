package com.sharestack.users;

import static com.sharestack.users.UsersNode.anybody;
import static com.sharestack.users.UsersNode.caller;
import static com.sharestack.users.UsersNode.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.OwnProfile;
import com.sharestack.contract.PublicProfile;
import com.sharestack.contract.UsersGetRequest;
import com.sharestack.contract.UsersProfileGetRequest;
import com.sharestack.contract.wire.Wire;
import java.math.BigDecimal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProfileTest {

  private static UsersNode users;

  @BeforeAll
  static void start() {
    users = new UsersNode("users_profiles").withNeighbours();
  }

  @AfterAll
  static void stop() {
    users.close();
  }

  @Test
  void theOwnerSeesEverythingWithThePhoneMasked() {
    long userId = users.creator("own_page");
    fill(userId);
    users.sellers.add(userId);
    users.sql("UPDATE user_counts SET followers = 3, following = 2 WHERE user_id = ?", userId);
    OwnProfile profile = own(userId);
    assertEquals("own_page@example.com", profile.email());
    assertEquals("上海", profile.location());
    assertEquals(3, profile.stats().followersCount());
    assertEquals(2, profile.stats().followingCount());
    assertEquals(7, profile.stats().articlesCount());
    assertEquals(41, profile.stats().likesReceived());
    assertEquals(new BigDecimal("29.90"), profile.subscriptionInfo().monthlyPrice());
    assertEquals(12, profile.subscriptionInfo().subscribersCount());
  }

  @Test
  void aReadersProfileNeedsNothingOfBilling() {
    long userId = users.reader("just_reads");
    OwnProfile profile = own(userId);
    assertFalse(profile.subscriptionInfo().isCreator());
    assertNull(profile.subscriptionInfo().monthlyPrice());
    assertEquals(0, profile.subscriptionInfo().subscribersCount());
  }

  /** The fake answers drafts with 503: no price is better than a wrong one. */
  @Test
  void whileANeighbourIsAwayTheProfileIsRefusedInsteadOfWrong() {
    long userId = users.creator("no_billing");
    refused(503, "SERVICE_UNAVAILABLE", () -> own(userId));
  }

  @Test
  void aPublicProfileShowsAllButContactData() {
    long userId = users.creator("open_page");
    fill(userId);
    PublicProfile profile = get(anybody().build(), userId);
    assertEquals("简介", profile.bio());
    assertEquals("上海", profile.location());
    assertEquals("octo", profile.socialLinks().github());
    assertEquals("周更", profile.subscriptionInfo().description());
    assertFalse(profile.isFollowing() || profile.isSubscribed());
    String json = Wire.text(profile);
    assertFalse(json.contains("@example.com") || json.contains("phone"), json);
  }

  @Test
  void strangersSeeLittleOfAProfileForFollowersAndFollowersSeeAll() {
    long userId = users.creator("for_friends");
    fill(userId);
    privacy(userId, "profile_visibility = 'followers'");
    long friend = users.reader("a_friend");
    users.sql(
        "INSERT INTO follows (follower_id, following_id, created_at) VALUES (?, ?, '2026-01-01')",
        friend,
        userId);
    PublicProfile hidden = get(anybody().build(), userId);
    assertNull(hidden.bio());
    assertNull(hidden.coverImage());
    assertNull(hidden.location());
    assertNull(hidden.website());
    assertEquals("{}", Wire.text(hidden.socialLinks()));
    assertTrue(hidden.subscriptionInfo().isCreator());
    assertNull(hidden.subscriptionInfo().monthlyPrice());
    assertNull(hidden.subscriptionInfo().description());
    assertEquals("昵称", hidden.displayName());
    assertNotNull(hidden.avatar());
    PublicProfile shown = get(caller(friend), userId);
    assertTrue(shown.isFollowing());
    assertEquals("简介", shown.bio());
    assertEquals("简介", get(caller(userId), userId).bio(), "the owner");
    users.sellers.add(userId);
    assertEquals("简介", get(anybody().build(), userId).bio(), "who sells is public");
  }

  @Test
  void aPrivateProfileIsHiddenFromFollowersToo() {
    long userId = users.reader("very_private");
    fill(userId);
    privacy(userId, "profile_visibility = 'private'");
    long friend = users.reader("friend_two");
    users.sql(
        "INSERT INTO follows (follower_id, following_id, created_at) VALUES (?, ?, '2026-01-01')",
        friend,
        userId);
    assertNull(get(caller(friend), userId).bio());
    assertTrue(get(caller(friend), userId).isFollowing());
  }

  @Test
  void placeAndLinksAreHiddenOneByOne() {
    long userId = users.reader("hides_some");
    fill(userId);
    privacy(userId, "show_location = 0, show_social_links = 0");
    PublicProfile seen = get(anybody().build(), userId);
    assertNull(seen.location());
    assertNull(seen.socialLinks().github());
    assertEquals("简介", seen.bio());
    assertEquals("上海", get(caller(userId), userId).location());
  }

  @Test
  void whoIsBlockedFindsNobodyAndWhoBlocksStillSees() {
    long userId = users.reader("blocks_one");
    long blocked = users.reader("is_blocked");
    users.sql(
        "INSERT INTO user_blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, '2026-01-01')",
        userId,
        blocked);
    refused(404, "NOT_FOUND", () -> get(caller(blocked), userId));
    get(anybody().build(), userId);
    get(caller(userId), blocked);
  }

  @Test
  void accountsThatAreNotActiveAreNotFound() {
    long userId = users.reader("inactive_one");
    users.sql("UPDATE users SET status = 'deactivated' WHERE user_id = ?", userId);
    refused(404, "NOT_FOUND", () -> get(anybody().build(), userId));
    refused(404, "NOT_FOUND", () -> get(anybody().build(), 9_999_999));
  }

  @Test
  void subscriptionIsTheVerdictOfBilling() {
    long userId = users.creator("sells_much");
    long reader = users.reader("pays_much");
    assertFalse(get(caller(reader), userId).isSubscribed());
    users.grants.add(reader + "->" + userId);
    assertTrue(get(caller(reader), userId).isSubscribed());
    assertFalse(get(anybody().build(), userId).isSubscribed());
  }

  @Test
  void theCacheIsUsedUntilItIsEvictedAndHoldsNothingOfACaller() {
    long userId = users.reader("cached_one");
    fill(userId);
    assertEquals("简介", get(caller(userId), userId).bio());
    users.sql("UPDATE user_profiles SET bio = '新简介' WHERE user_id = ?", userId);
    assertEquals("简介", get(anybody().build(), userId).bio());
    PublicProfiles profiles =
        new PublicProfiles(users.node.platform().cache(), null, users.node.clock());
    users.node.await(
        () -> {
          profiles.evict(userId);
          return true;
        });
    assertEquals("新简介", get(anybody().build(), userId).bio());
    assertEquals(
        "",
        users
            .node
            .await(() -> users.node.platform().cache().get("user:public:" + userId))
            .orElseThrow(),
        "a reader of the old row cannot put it back while the tombstone stands");
  }

  private static void fill(long userId) {
    users.sql(
        """
        UPDATE user_profiles SET display_name = '昵称', bio = '简介', location = '上海',
          website = 'https://example.com', social_github = 'octo', subscription_description = '周更',
          avatar_url = 'https://example.com/a.png', cover_image_url = 'https://example.com/c.png'
        WHERE user_id = ?
        """,
        userId);
  }

  private static void privacy(long userId, String settings) {
    users.sql("UPDATE user_privacy SET " + settings + " WHERE user_id = ?", userId);
  }

  private static PublicProfile get(Caller caller, long userId) {
    return users.node.await(() -> users.users.get(caller, new UsersGetRequest(userId)).await());
  }

  private static OwnProfile own(long userId) {
    return users.node.await(
        () -> users.users.profileGet(caller(userId), new UsersProfileGetRequest()).await());
  }
}
