package com.sharestack.billing;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PlanCreate;
import com.sharestack.contract.UserCard;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Operation {@code plans.create}. */
final class PlanCreation {

  private final Db db;
  private final Clock clock;
  private final PlanRepository plans;
  private final CounterRepository counters;
  private final AuditRepository audit;
  private final Creators creators;
  private final boolean requireCertifiedCreator;

  PlanCreation(
      Db db, Clock clock, Tables tables, Creators creators, boolean requireCertifiedCreator) {
    this.db = db;
    this.clock = clock;
    this.plans = tables.plans();
    this.counters = tables.counters();
    this.audit = tables.audit();
    this.creators = creators;
    this.requireCertifiedCreator = requireCertifiedCreator;
  }

  /** Whose plan it becomes. */
  private record Owner(long id, boolean certified) {}

  /** The stored plan; a repeat with the same idempotency key answers the row as it is now. */
  PlanRow create(Caller caller, PlanCreate wanted) {
    Owner owner = owner(caller, wanted.creatorId());
    NewPlan plan = PlanRules.accept(owner.id(), wanted);
    if (requireCertifiedCreator && !owner.certified() && PlanRules.needsCertification(plan)) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "CREATOR_NOT_VERIFIED");
    }
    IdempotencyKey idempotency = IdempotencyKey.of(caller);
    long id;
    try {
      id = db.tx(tx -> store(tx, caller, plan, idempotency));
    } catch (DuplicateKeyException taken) {
      throw PlanRules.conflict(taken.index());
    }
    return plans.find(db, id).orElseThrow();
  }

  /** An admin acts for the creator he names, everybody else for himself. */
  private Owner owner(Caller caller, Long named) {
    if (named != null && Actors.isAdmin(caller)) {
      UserCard card =
          creators.card(caller, named).orElseThrow(() -> Errors.invalid("creator_id", "创作者不存在"));
      if (!Creators.isCreator(card)) {
        throw notACreator();
      }
      return new Owner(named, card.isVerified());
    }
    if (!Actors.isCreator(caller)) {
      throw notACreator();
    }
    return new Owner(caller.userId(), caller.verified());
  }

  private static RuntimeException notACreator() {
    return Errors.of(ErrorCode.FORBIDDEN, "reason", "NOT_A_CREATOR");
  }

  /** One writer per creator at a time: the lock makes the cap and the repeat exact. */
  private long store(Tx tx, Caller caller, NewPlan plan, IdempotencyKey idempotency) {
    counters.lockCreator(tx, plan.creatorId());
    Optional<Long> repeated = repeated(tx, plan.creatorId(), idempotency);
    if (repeated.isPresent()) {
      return repeated.get();
    }
    if (plans.count(tx, plan.creatorId(), null) >= PlanRules.MOST_PLANS) {
      throw PlanRules.tooMany();
    }
    Instant now = clock.instant();
    long id = plans.insert(tx, plan, idempotency, caller.userId(), now);
    audit.write(
        tx,
        caller,
        new AuditRepository.Entry(
            "plans.create",
            "plan",
            String.valueOf(id),
            null,
            plan.active() ? "active" : "draft",
            new JsonObject()
                .put("creator_id", plan.creatorId())
                .put("name", plan.name())
                .put("price", Money.ofFen(plan.priceFen()).toPlainString())
                .put("billing_cycle", plan.cycle().literal())),
        now);
    return id;
  }

  private Optional<Long> repeated(Tx tx, long creatorId, IdempotencyKey idempotency) {
    if (!idempotency.present()) {
      return Optional.empty();
    }
    return plans
        .byIdempotencyKey(tx, creatorId, idempotency.key())
        .map(
            stored -> {
              idempotency.requireSame(stored.hash());
              return stored.planId();
            });
  }
}
