package com.sharestack.billing;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/** Table subscription_settings. */
final class SettingsRepository {

  private static final String SELECT =
      """
      SELECT auto_renew_enabled, trial_enabled, coupons_enabled, email_notifications, welcome_title, welcome_message,
        updated_at
      FROM subscription_settings WHERE creator_id = ?
      """;

  SettingsRow find(Sql sql, long creatorId) {
    return sql.row(SELECT, creatorId)
        .map(SettingsRepository::settings)
        .orElse(SettingsRow.DEFAULTS);
  }

  /** Made with the defaults where missing, and locked until the transaction ends. */
  SettingsRow lock(Tx tx, long creatorId, Instant now) {
    tx.update(
        """
        INSERT INTO subscription_settings (creator_id, updated_at) VALUES (?, ?)
        ON DUPLICATE KEY UPDATE updated_at = VALUES(updated_at)
        """,
        creatorId,
        now);
    return find(tx, creatorId);
  }

  void store(Tx tx, long creatorId, SettingsRow settings) {
    tx.update(
        """
        UPDATE subscription_settings
        SET auto_renew_enabled = ?, trial_enabled = ?, coupons_enabled = ?, email_notifications = ?,
          welcome_title = ?, welcome_message = ?
        WHERE creator_id = ?
        """,
        settings.autoRenew() ? 1 : 0,
        settings.trial() ? 1 : 0,
        settings.coupons() ? 1 : 0,
        settings.emailNotifications() ? 1 : 0,
        settings.welcomeTitle(),
        settings.welcomeMessage(),
        creatorId);
  }

  private static SettingsRow settings(Row row) {
    return new SettingsRow(
        Rows.flag(row, "auto_renew_enabled"),
        Rows.flag(row, "trial_enabled"),
        Rows.flag(row, "coupons_enabled"),
        Rows.flag(row, "email_notifications"),
        row.getString("welcome_title"),
        row.getString("welcome_message"),
        Rows.instant(row, "updated_at"));
  }
}
