package com.sharestack.billing;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PlanUpdate;
import com.sharestack.contract.UserCard;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import com.sharestack.platform.service.Callers;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Operations {@code plans.update} and {@code plans.delete}. Both run under the lock of the plan's
 * row, which {@code subscriptions.create} takes too: no sale slips in between check and write.
 */
final class PlanEditing {

  private final Db db;
  private final Clock clock;
  private final PlanRepository plans;
  private final SubscriptionRepository subscriptions;
  private final AuditRepository audit;
  private final Creators creators;
  private final boolean requireCertifiedCreator;

  PlanEditing(
      Db db, Clock clock, Tables tables, Creators creators, boolean requireCertifiedCreator) {
    this.db = db;
    this.clock = clock;
    this.plans = tables.plans();
    this.subscriptions = tables.subscriptions();
    this.audit = tables.audit();
    this.creators = creators;
    this.requireCertifiedCreator = requireCertifiedCreator;
  }

  /** The plan as it is stored afterwards. */
  PlanRow update(Caller caller, long planId, PlanUpdate wanted) {
    boolean maySell = maySell(caller, mine(caller, plans.find(db, planId)).creatorId());
    try {
      return db.tx(tx -> store(tx, caller, planId, wanted, maySell));
    } catch (DuplicateKeyException taken) {
      throw PlanRules.conflict(taken.index());
    }
  }

  /** Asked before the transaction, whether it will matter or not. */
  private boolean maySell(Caller caller, long creatorId) {
    if (!requireCertifiedCreator) {
      return true;
    }
    return Callers.isUser(caller, creatorId)
        ? caller.verified()
        : creators.card(caller, creatorId).map(UserCard::isVerified).orElse(false);
  }

  private PlanRow store(Tx tx, Caller caller, long planId, PlanUpdate wanted, boolean maySell) {
    PlanRow before = mine(caller, plans.lock(tx, planId));
    NewPlan after = PlanRules.change(before, wanted);
    boolean onSale = before.active() && before.priced();
    if (!maySell && !onSale && PlanRules.needsCertification(after)) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "CREATOR_NOT_VERIFIED");
    }
    Instant now = clock.instant();
    plans.update(tx, planId, after, now);
    if (after.priceFen() != before.priceFen()) {
      plans.addPrice(tx, planId, before.priceFen(), after.priceFen(), caller.userId(), now);
    }
    PlanRow stored = plans.find(tx, planId).orElseThrow();
    String status = stored.status().literal();
    audit(tx, caller, "plans.update", before, status, changes(before, after), now);
    return stored;
  }

  private static JsonObject changes(PlanRow before, NewPlan after) {
    return new JsonObject()
        .put("creator_id", before.creatorId())
        .put("name", after.name())
        .put("price_before", Money.ofFen(before.priceFen()).toPlainString())
        .put("price", Money.ofFen(after.priceFen()).toPlainString())
        .put("billing_cycle", after.cycle().literal())
        .put("trial_days", after.trialDays());
  }

  /**
   * @throws io.vertx.serviceproxy.ServiceException PLAN_NOT_FOUND, PLAN_HAS_SUBSCRIBERS
   */
  void delete(Caller caller, long planId) {
    db.tx(
        tx -> {
          PlanRow plan = mine(caller, plans.lock(tx, planId));
          Instant now = clock.instant();
          long holders = subscriptions.holders(tx, planId, now);
          if (holders > 0) {
            throw Errors.of(ErrorCode.PLAN_HAS_SUBSCRIBERS, "subscriber_count", holders);
          }
          plans.delete(tx, planId, now);
          JsonObject payload =
              new JsonObject().put("creator_id", plan.creatorId()).put("name", plan.name());
          audit(tx, caller, "plans.delete", plan, "deleted", payload, now);
          return null;
        });
  }

  /** Plans of others look as if they did not exist; an admin acts for every creator. */
  private static PlanRow mine(Caller caller, Optional<PlanRow> found) {
    return found
        .filter(plan -> !plan.deleted())
        .filter(plan -> Callers.isUser(caller, plan.creatorId()) || Actors.isAdmin(caller))
        .orElseThrow(() -> Errors.of(ErrorCode.PLAN_NOT_FOUND));
  }

  private void audit(
      Tx tx,
      Caller caller,
      String action,
      PlanRow before,
      String after,
      JsonObject payload,
      Instant now) {
    audit.write(
        tx,
        caller,
        new AuditRepository.Entry(
            action, "plan", String.valueOf(before.id()), before.status().literal(), after, payload),
        now);
  }
}
