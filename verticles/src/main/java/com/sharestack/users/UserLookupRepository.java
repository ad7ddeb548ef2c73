package com.sharestack.users;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Consent;
import com.sharestack.contract.MaskedEmail;
import com.sharestack.contract.Principal;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserType;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What other domains and gateways ask about many users at once: a constant number of statements.
 */
final class UserLookupRepository {

  private static final String DELETED_NAME = "已注销用户";
  private static final String CARDS =
      """
      SELECT u.user_id, u.username, u.user_type, u.is_verified, u.status, u.banned_until,
        u.content_hidden, p.display_name, p.avatar_url, p.bio
      FROM users u LEFT JOIN user_profiles p ON p.user_id = u.user_id
      WHERE %s IN (%s)
      """;

  private final Db db;

  UserLookupRepository(Db db) {
    this.db = db;
  }

  List<UserCard> cardsByIds(List<Long> ids, Instant now) {
    return cards("u.user_id", ids, now);
  }

  /** Of accounts that are not deleted and have an address. */
  List<MaskedEmail> maskedEmails(List<Long> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    Object[] arguments = Batch.arguments(ids);
    return db
        .rows(
            """
            SELECT user_id, email FROM users
            WHERE email IS NOT NULL AND status <> 'deleted' AND user_id IN (%s)
            """
                .formatted(Rows.marks(arguments.length)),
            arguments)
        .stream()
        .map(row -> new MaskedEmail(row.getLong("user_id"), Masking.email(row.getString("email"))))
        .toList();
  }

  List<UserCard> cardsByUsernames(List<String> keys, Instant now) {
    return cards("u.username_key", keys, now);
  }

  private List<UserCard> cards(String column, List<?> keys, Instant now) {
    if (keys.isEmpty()) {
      return List.of();
    }
    Object[] arguments = Batch.arguments(keys);
    return db.rows(CARDS.formatted(column, Rows.marks(arguments.length)), arguments).stream()
        .map(row -> card(row, now))
        .toList();
  }

  private static UserCard card(Row row, Instant now) {
    AccountStatus status = status(row, now);
    boolean deleted = status == AccountStatus.DELETED;
    String name = row.getString("display_name");
    String username = row.getString("username");
    return UserCard.builder()
        .userId(row.getLong("user_id"))
        .username(username)
        .displayName(deleted ? DELETED_NAME : name == null ? username : name)
        .avatar(deleted ? null : row.getString("avatar_url"))
        .bio(deleted ? null : row.getString("bio"))
        .userType(UserType.of(row.getString("user_type")))
        .isVerified(Rows.flag(row, "is_verified"))
        .status(status)
        .contentHidden(Rows.flag(row, "content_hidden"))
        .build();
  }

  private static AccountStatus status(Row row, Instant now) {
    return new Account.Standing(
            AccountStatus.of(row.getString("status")),
            Rows.instant(row, "banned_until"),
            null,
            null)
        .at(now);
  }

  /** Two statements, whatever the number of ids. An account that is not active may do nothing. */
  List<Principal> principals(List<Long> ids, Instant now) {
    if (ids.isEmpty()) {
      return List.of();
    }
    Object[] arguments = Batch.arguments(ids);
    Map<Long, Grants> grants = grants(arguments);
    return db
        .rows(
            """
            SELECT user_id, status, banned_until, user_type, is_verified
            FROM users WHERE user_id IN (%s)
            """
                .formatted(Rows.marks(arguments.length)),
            arguments)
        .stream()
        .map(row -> principal(row, grants.getOrDefault(row.getLong("user_id"), Grants.none()), now))
        .toList();
  }

  /** Staff roles of one account and the union of what they permit. */
  private record Grants(TreeSet<String> roles, TreeSet<String> permissions) {

    static Grants none() {
      return new Grants(new TreeSet<>(), new TreeSet<>());
    }

    void add(String role, String permission) {
      roles.add(role);
      if (permission != null) {
        permissions.add(permission);
      }
    }
  }

  private Map<Long, Grants> grants(Object... ids) {
    Map<Long, Grants> grants = new HashMap<>();
    db.rows(
            """
            SELECT r.user_id, r.role, p.permission
            FROM user_roles r LEFT JOIN role_permissions p ON p.role = r.role
            WHERE r.user_id IN (%s)
            """
                .formatted(Rows.marks(ids.length)),
            ids)
        .forEach(
            row ->
                grants
                    .computeIfAbsent(row.getLong("user_id"), id -> Grants.none())
                    .add(row.getString("role"), row.getString("permission")));
    return grants;
  }

  private static Principal principal(Row row, Grants grants, Instant now) {
    AccountStatus status = status(row, now);
    UserType type = UserType.of(row.getString("user_type"));
    return Principal.builder()
        .userId(row.getLong("user_id"))
        .status(status)
        .userType(type)
        .isVerified(Rows.flag(row, "is_verified"))
        .roles(Permissions.roles(type, List.copyOf(grants.roles())))
        .permissions(status == AccountStatus.ACTIVE ? List.copyOf(grants.permissions()) : List.of())
        .build();
  }

  List<Consent> consents(List<Long> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    Object[] arguments = Batch.arguments(ids);
    return db
        .rows(
            """
            SELECT user_id, analytics_consent, personalized_recommendations
            FROM user_privacy WHERE user_id IN (%s)
            """
                .formatted(Rows.marks(arguments.length)),
            arguments)
        .stream()
        .map(
            row ->
                new Consent(
                    row.getLong("user_id"),
                    Rows.flag(row, "analytics_consent"),
                    Rows.flag(row, "personalized_recommendations")))
        .toList();
  }
}
