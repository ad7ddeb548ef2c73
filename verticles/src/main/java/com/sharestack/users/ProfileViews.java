package com.sharestack.users;

import com.sharestack.contract.AuthorStats;
import com.sharestack.contract.Caller;
import com.sharestack.contract.CreatorPrice;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.OwnProfile;
import com.sharestack.contract.OwnSubscriptionInfo;
import com.sharestack.contract.OwnUserStats;
import com.sharestack.contract.PublicProfile;
import com.sharestack.contract.PublicSubscriptionInfo;
import com.sharestack.contract.Relations;
import com.sharestack.contract.SocialLinks;
import com.sharestack.contract.UserStats;
import com.sharestack.contract.UserType;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;
import java.util.List;

/** users.get and users.profile_get: a profile put together for who asks. */
final class ProfileViews {

  private static final Relations STRANGER =
      new Relations(List.of(), List.of(), List.of(), List.of());
  private static final SocialLinks NO_LINKS = new SocialLinks(null, null, null);

  private final PublicProfiles profiles;
  private final ProfileRepository own;
  private final RelationRepository relations;
  private final Neighbours neighbours;

  ProfileViews(
      PublicProfiles profiles,
      ProfileRepository own,
      RelationRepository relations,
      Neighbours neighbours) {
    this.profiles = profiles;
    this.own = own;
    this.relations = relations;
    this.neighbours = neighbours;
  }

  /**
   * @throws io.vertx.serviceproxy.ServiceException NOT_FOUND when the account is not active or has
   *     blocked the caller
   */
  PublicProfile of(Caller caller, long userId) {
    Profile profile = profiles.find(userId).orElseThrow(ProfileViews::notFound);
    boolean owner = Callers.isUser(caller, userId);
    Relations standing =
        owner || Callers.anonymous(caller)
            ? STRANGER
            : relations.relations(caller.userId(), List.of(userId));
    if (!standing.blockedBy().isEmpty()) {
      throw notFound();
    }
    boolean creator = profile.userType() == UserType.CREATOR;
    Future<AuthorStats> stats = neighbours.stats(caller, userId);
    Future<CreatorPrice> prices =
        creator ? neighbours.prices(caller, userId) : Future.succeededFuture(noPrices(userId));
    Future<Boolean> subscribed =
        creator && !owner && !Callers.anonymous(caller)
            ? neighbours.subscribed(caller, caller.userId(), userId)
            : Future.succeededFuture(false);
    Future.all(stats, prices, subscribed).await();
    boolean following = !standing.following().isEmpty();
    boolean hidden = profile.visibility().hides(owner, following, prices.result().hasActivePlan());
    return view(profile, stats.result(), prices.result(), hidden, owner)
        .isFollowing(following)
        .isSubscribed(subscribed.result())
        .build();
  }

  private static PublicProfile.Builder view(
      Profile profile, AuthorStats stats, CreatorPrice prices, boolean hidden, boolean owner) {
    boolean location = !hidden && (owner || profile.showLocation());
    boolean links = !hidden && (owner || profile.showSocialLinks());
    return PublicProfile.builder()
        .userId(profile.userId())
        .username(profile.username())
        .displayName(profile.displayName())
        .bio(hidden ? null : profile.bio())
        .avatar(profile.avatar())
        .coverImage(hidden ? null : profile.coverImage())
        .location(location ? profile.location() : null)
        .website(hidden ? null : profile.website())
        .socialLinks(links ? profile.socialLinks() : NO_LINKS)
        .userType(profile.userType())
        .isVerified(profile.certified())
        .createdAt(profile.createdAt())
        .stats(new UserStats(profile.followers(), stats.articlesCount(), stats.likesReceived()))
        .subscriptionInfo(
            new PublicSubscriptionInfo(
                profile.userType() == UserType.CREATOR,
                hidden ? null : prices.monthlyPrice(),
                hidden ? null : prices.yearlyPrice(),
                hidden ? null : profile.subscriptionDescription()));
  }

  OwnProfile own(Caller caller) {
    long userId = caller.userId();
    ProfileRepository.Own mine = own.own(userId).orElseThrow(ProfileViews::notFound);
    boolean creator = mine.userType() == UserType.CREATOR;
    Future<AuthorStats> stats = neighbours.stats(caller, userId);
    Future<CreatorPrice> prices =
        creator ? ownPrices(caller, userId) : Future.succeededFuture(noPrices(userId));
    Future<Long> subscribers =
        creator ? neighbours.subscribers(caller, userId) : Future.succeededFuture(0L);
    Future.all(stats, prices, subscribers).await();
    return mine.profile()
        .stats(
            new OwnUserStats(
                mine.followers(),
                stats.result().articlesCount(),
                stats.result().likesReceived(),
                mine.following()))
        .subscriptionInfo(
            new OwnSubscriptionInfo(
                creator,
                prices.result().monthlyPrice(),
                prices.result().yearlyPrice(),
                subscribers.result()))
        .build();
  }

  /** What is on sale; before anything is, what the creator's drafts would cost. */
  private Future<CreatorPrice> ownPrices(Caller caller, long userId) {
    return neighbours
        .prices(caller, userId)
        .compose(
            prices ->
                prices.hasActivePlan()
                    ? Future.succeededFuture(prices)
                    : neighbours.draftPrices(caller, userId));
  }

  private static CreatorPrice noPrices(long userId) {
    return new CreatorPrice(userId, null, null, false);
  }

  private static RuntimeException notFound() {
    return Errors.of(ErrorCode.NOT_FOUND, "resource", "user");
  }
}
