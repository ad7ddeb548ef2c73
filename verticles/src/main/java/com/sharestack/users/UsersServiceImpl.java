package com.sharestack.users;

import com.sharestack.contract.Caller;
import com.sharestack.contract.Consents;
import com.sharestack.contract.IdList;
import com.sharestack.contract.MaskedEmails;
import com.sharestack.contract.OwnProfile;
import com.sharestack.contract.Principals;
import com.sharestack.contract.PublicProfile;
import com.sharestack.contract.Relations;
import com.sharestack.contract.UserCards;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersConsentsRequest;
import com.sharestack.contract.UsersGetRequest;
import com.sharestack.contract.UsersHiddenAuthorsRequest;
import com.sharestack.contract.UsersMaskedEmailsRequest;
import com.sharestack.contract.UsersPrincipalsRequest;
import com.sharestack.contract.UsersProfileGetRequest;
import com.sharestack.contract.UsersRelationsRequest;
import com.sharestack.contract.UsersResolveRequest;
import com.sharestack.contract.UsersService;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;

/** Operations users.* */
final class UsersServiceImpl implements UsersService {

  private static final int MOST_IDS = 200;
  private static final int MOST_NAMES = 100;
  private static final int MOST_HIDDEN = 1_000;

  private final ProfileViews profiles;
  private final UserLookupRepository lookups;
  private final RelationRepository relations;
  private final Clock clock;

  UsersServiceImpl(
      ProfileViews profiles,
      UserLookupRepository lookups,
      RelationRepository relations,
      Clock clock) {
    this.profiles = profiles;
    this.lookups = lookups;
    this.relations = relations;
    this.clock = clock;
  }

  @Override
  public Future<OwnProfile> profileGet(Caller caller, UsersProfileGetRequest request) {
    return Future.succeededFuture(profiles.own(caller));
  }

  @Override
  public Future<PublicProfile> get(Caller caller, UsersGetRequest request) {
    return Future.succeededFuture(profiles.of(caller, request.id()));
  }

  @Override
  public Future<UserCards> cards(Caller caller, UsersCardsRequest request) {
    List<Long> ids = Batch.distinct("ids", request.body().ids(), MOST_IDS);
    return Future.succeededFuture(new UserCards(lookups.cardsByIds(ids, clock.instant())));
  }

  @Override
  public Future<MaskedEmails> maskedEmails(Caller caller, UsersMaskedEmailsRequest request) {
    List<Long> ids = Batch.distinct("ids", request.body().ids(), MOST_IDS);
    return Future.succeededFuture(new MaskedEmails(lookups.maskedEmails(ids)));
  }

  @Override
  public Future<UserCards> resolve(Caller caller, UsersResolveRequest request) {
    List<String> keys =
        Batch.distinct(
            "usernames",
            request.body().usernames().stream()
                .map(Identifier::usernameKey)
                .filter(Usernames::possible)
                .toList(),
            MOST_NAMES);
    return Future.succeededFuture(new UserCards(lookups.cardsByUsernames(keys, clock.instant())));
  }

  @Override
  public Future<Principals> principals(Caller caller, UsersPrincipalsRequest request) {
    List<Long> ids = Batch.distinct("ids", request.body().ids(), MOST_IDS);
    return Future.succeededFuture(new Principals(lookups.principals(ids, clock.instant())));
  }

  @Override
  public Future<Relations> relations(Caller caller, UsersRelationsRequest request) {
    List<Long> ids = Batch.distinct("user_ids", request.body().userIds(), MOST_IDS);
    return Future.succeededFuture(relations.relations(request.body().viewerId(), ids));
  }

  @Override
  public Future<IdList> hiddenAuthors(Caller caller, UsersHiddenAuthorsRequest request) {
    return Future.succeededFuture(
        new IdList(relations.newestBlocks(request.body().viewerId(), MOST_HIDDEN)));
  }

  @Override
  public Future<Consents> consents(Caller caller, UsersConsentsRequest request) {
    List<Long> ids = Batch.distinct("user_ids", request.body().userIds(), MOST_IDS);
    return Future.succeededFuture(new Consents(lookups.consents(ids)));
  }
}
