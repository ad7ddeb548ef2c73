package com.sharestack.users;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.UserType;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Accounts, their login lock and their roles. */
final class AccountRepository {

  private static final String ACCOUNT =
      """
      SELECT u.user_id, u.status, u.banned_until, u.ban_reason, u.deletion_due_at, u.user_type,
        u.username, u.email, u.phone_cipher, u.password_hash, u.email_verified, u.phone_verified,
        u.is_verified, u.failed_logins, u.locked_until, p.display_name, p.avatar_url, f.login_alerts
      FROM users u
      JOIN user_profiles p ON p.user_id = u.user_id
      JOIN user_preferences f ON f.user_id = u.user_id
      """;

  private final Db db;
  private final Contact contact;

  AccountRepository(Db db, Contact contact) {
    this.db = db;
    this.contact = contact;
  }

  Optional<Account> byIdentifier(Identifier identifier) {
    return switch (identifier.kind()) {
      case EMAIL -> one(db, "WHERE u.email_key = ?", identifier.value());
      case USERNAME ->
          Usernames.possible(identifier.value())
              ? one(db, "WHERE u.username_key = ?", identifier.value())
              : Optional.empty();
      case PHONE -> one(db, "WHERE u.phone_index = ?", index(identifier.value()));
    };
  }

  Optional<Account> byId(long userId) {
    return one(db, "WHERE u.user_id = ?", userId);
  }

  /** The account as it is now, held until the transaction ends. */
  Account lock(Tx tx, long userId) {
    return one(tx, "WHERE u.user_id = ? FOR UPDATE", userId).orElseThrow();
  }

  private Optional<Account> one(Sql sql, String where, Object key) {
    return sql.row(ACCOUNT + where, key).map(this::account);
  }

  private Account account(Row row) {
    Buffer phone = row.getBuffer("phone_cipher");
    return new Account(
        row.getLong("user_id"),
        new Account.Standing(
            AccountStatus.of(row.getString("status")),
            Rows.instant(row, "banned_until"),
            row.getString("ban_reason"),
            Rows.instant(row, "deletion_due_at")),
        UserType.of(row.getString("user_type")),
        row.getString("username"),
        row.getString("display_name"),
        row.getString("avatar_url"),
        row.getString("email"),
        phone == null ? null : contact.openPhone(phone.getBytes()),
        row.getString("password_hash"),
        Rows.flag(row, "email_verified"),
        Rows.flag(row, "phone_verified"),
        Rows.flag(row, "is_verified"),
        new LoginLock(row.getInteger("failed_logins"), Rows.instant(row, "locked_until")),
        Rows.flag(row, "login_alerts"));
  }

  /** Which of the unique values is taken: username, email or phone. */
  Optional<String> taken(String usernameKey, String emailKey, String phone) {
    return db.row(
            """
            SELECT CASE WHEN username_key = ? THEN 'username'
              WHEN email_key = ? THEN 'email' ELSE 'phone' END AS field
            FROM users WHERE username_key = ? OR email_key = ? OR phone_index = ?
            LIMIT 1
            """,
            usernameKey,
            emailKey,
            usernameKey,
            emailKey,
            phone == null ? null : index(phone))
        .map(row -> row.getString("field"));
  }

  /**
   * @throws com.sharestack.platform.db.DuplicateKeyException uk_users_username, uk_users_email or
   *     uk_users_phone
   */
  long insert(Tx tx, NewAccount account, Instant now) {
    return tx.insert(
        """
        INSERT INTO users (status, user_type, username, username_key, email, email_key, phone_cipher,
          phone_index, password_hash, password_changed_at, phone_verified, created_at, updated_at)
        VALUES ('active', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        account.userType(),
        account.username(),
        Identifier.usernameKey(account.username()),
        account.emailKey(),
        account.emailKey(),
        account.phone() == null ? null : Buffer.buffer(contact.sealPhone(account.phone())),
        account.phone() == null ? null : index(account.phone()),
        account.passwordHash(),
        account.passwordHash() == null ? null : now,
        account.phone() != null,
        now,
        now);
  }

  /** The rows every account has besides its own. */
  void insertCompanions(Tx tx, long userId, NewAccount account, Instant now) {
    tx.update(
        "INSERT INTO user_profiles (user_id, display_name, updated_at) VALUES (?, ?, ?)",
        userId,
        account.displayName(),
        now);
    tx.update("INSERT INTO user_privacy (user_id, updated_at) VALUES (?, ?)", userId, now);
    tx.update("INSERT INTO user_preferences (user_id, updated_at) VALUES (?, ?)", userId, now);
    tx.update("INSERT INTO user_counts (user_id) VALUES (?)", userId);
    tx.update(
        "INSERT INTO user_terms (user_id, terms_version, accepted_at, ip) VALUES (?, ?, ?, ?)",
        userId,
        account.termsVersion(),
        now,
        account.ip());
    if (account.passwordHash() != null) {
      tx.update(
          "INSERT INTO password_history (user_id, password_hash, created_at) VALUES (?, ?, ?)",
          userId,
          account.passwordHash(),
          now);
    }
  }

  void saveLock(Tx tx, long userId, LoginLock lock) {
    tx.update(
        "UPDATE users SET failed_logins = ?, locked_until = ? WHERE user_id = ?",
        lock.failed(),
        lock.lockedUntil(),
        userId);
  }

  void noteLogin(Tx tx, long userId, String ip, Instant now) {
    tx.update(
        """
        UPDATE users SET failed_logins = 0, locked_until = NULL, last_login_at = ?, last_login_ip = ?
        WHERE user_id = ?
        """,
        now,
        ip,
        userId);
  }

  void endBan(Tx tx, long userId, Instant now) {
    tx.update(
        """
        UPDATE users SET status = 'active', banned_until = NULL, ban_reason = NULL, updated_at = ?
        WHERE user_id = ? AND status = 'banned'
        """,
        now,
        userId);
  }

  /** Replaces a hash by one of a higher cost, unless the password was changed meanwhile. */
  void rehash(long userId, String old, String stronger) {
    db.update(
        "UPDATE users SET password_hash = ? WHERE user_id = ? AND password_hash = ?",
        stronger,
        userId,
        old);
  }

  /** The implicit roles and those staff was granted, in a stable order. */
  List<String> roles(long userId, UserType type) {
    return Permissions.roles(
        type,
        db
            .rows("SELECT role FROM user_roles WHERE user_id = ? ORDER BY role LIMIT 50", userId)
            .stream()
            .map(row -> row.getString("role"))
            .toList());
  }

  private Buffer index(String phone) {
    return Buffer.buffer(contact.phoneIndex(phone));
  }
}
