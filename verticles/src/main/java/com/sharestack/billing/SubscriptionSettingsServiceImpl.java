package com.sharestack.billing;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.SubscriptionSettings;
import com.sharestack.contract.SubscriptionSettingsDetail;
import com.sharestack.contract.SubscriptionSettingsGetRequest;
import com.sharestack.contract.SubscriptionSettingsService;
import com.sharestack.contract.SubscriptionSettingsUpdate;
import com.sharestack.contract.SubscriptionSettingsUpdateRequest;
import com.sharestack.contract.wire.Patch;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;

/** Operations {@code subscriptionSettings.*}. */
final class SubscriptionSettingsServiceImpl implements SubscriptionSettingsService {

  private final Db db;
  private final Clock clock;
  private final AuditRepository audit;
  private final SettingsRepository settings = new SettingsRepository();

  SubscriptionSettingsServiceImpl(Db db, Clock clock, Tables tables) {
    this.db = db;
    this.clock = clock;
    this.audit = tables.audit();
  }

  @Override
  public Future<SubscriptionSettingsDetail> get(
      Caller caller, SubscriptionSettingsGetRequest request) {
    return answer(settings.find(db, creator(caller)));
  }

  @Override
  public Future<SubscriptionSettingsDetail> update(
      Caller caller, SubscriptionSettingsUpdateRequest request) {
    long creatorId = creator(caller);
    return answer(db.tx(tx -> change(tx, caller, creatorId, request.body())));
  }

  private SettingsRow change(
      Tx tx, Caller caller, long creatorId, SubscriptionSettingsUpdate wanted) {
    Instant now = clock.instant();
    SettingsRow present = settings.lock(tx, creatorId, now);
    SettingsRow changed =
        new SettingsRow(
            Patch.orElse(wanted.autoRenewEnabled(), present.autoRenew()),
            Patch.orElse(wanted.trialEnabled(), present.trial()),
            Patch.orElse(wanted.couponsEnabled(), present.coupons()),
            Patch.orElse(wanted.emailNotifications(), present.emailNotifications()),
            Patch.orElse(wanted.welcomeTitle(), present.welcomeTitle()),
            Patch.orElse(wanted.welcomeMessage(), present.welcomeMessage()),
            now);
    settings.store(tx, creatorId, changed);
    audit.write(
        tx,
        caller,
        new AuditRepository.Entry(
            "subscriptionSettings.update",
            "subscription_settings",
            String.valueOf(creatorId),
            null,
            null,
            new JsonObject()
                .put("auto_renew_enabled", changed.autoRenew())
                .put("trial_enabled", changed.trial())
                .put("coupons_enabled", changed.coupons())
                .put("email_notifications", changed.emailNotifications())),
        now);
    return changed;
  }

  private static long creator(Caller caller) {
    if (!Actors.isCreator(caller)) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "NOT_A_CREATOR");
    }
    return caller.userId();
  }

  private static Future<SubscriptionSettingsDetail> answer(SettingsRow row) {
    return Future.succeededFuture(
        new SubscriptionSettingsDetail(
            SubscriptionSettings.builder()
                .autoRenewEnabled(row.autoRenew())
                .trialEnabled(row.trial())
                .couponsEnabled(row.coupons())
                .emailNotifications(row.emailNotifications())
                .welcomeTitle(row.welcomeTitle())
                .welcomeMessage(row.welcomeMessage())
                .updatedAt(row.updatedAt())
                .build()));
  }
}
