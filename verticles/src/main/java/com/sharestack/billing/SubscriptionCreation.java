package com.sharestack.billing;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.SubscriptionActivatedEvent;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.contract.SubscriptionCreatedEvent;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.contract.UserRef;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.ids.Ids;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Operation {@code subscriptions.create}. The plan's lock orders the buyers of one plan, the unique
 * keys of the table decide what the lock does not cover: the same user on two plans of a creator,
 * or one idempotency key on two plans.
 */
final class SubscriptionCreation {

  /** A lost race is over when its winner has committed, so the second look sees the row. */
  private static final int LOOKS = 3;

  private final Db db;
  private final Clock clock;
  private final Outbox outbox;
  private final PlanRepository plans;
  private final SubscriptionRepository subscriptions;
  private final CounterRepository counters;
  private final AuditRepository audit;
  private final Creators creators;
  private final CheckoutRules checkout;

  SubscriptionCreation(
      Db db, Clock clock, Outbox outbox, Tables tables, Creators creators, CheckoutRules checkout) {
    this.db = db;
    this.clock = clock;
    this.outbox = outbox;
    this.plans = tables.plans();
    this.subscriptions = tables.subscriptions();
    this.counters = tables.counters();
    this.audit = tables.audit();
    this.creators = creators;
    this.checkout = checkout;
  }

  /**
   * @param replayed whether an earlier request with the same idempotency key made the row
   */
  record Outcome(SubscriptionRow row, UserRef creator, boolean replayed) {}

  Outcome create(Caller caller, SubscriptionCreate order) {
    checkout.requireForm(order);
    IdempotencyKey idempotency = IdempotencyKey.of(caller);
    for (int look = 1; ; look++) {
      Optional<String> made = madeBefore(db, caller.userId(), idempotency);
      if (made.isPresent()) {
        SubscriptionRow row = subscriptions.find(db, made.get()).orElseThrow();
        return new Outcome(row, creators.ref(caller, row.creatorId()), true);
      }
      UserRef creator = creatorOf(caller, order);
      try {
        Opened opened = db.tx(tx -> open(tx, caller, order, idempotency));
        SubscriptionRow row = subscriptions.find(db, opened.publicId()).orElseThrow();
        return new Outcome(row, creator, opened.before());
      } catch (DuplicateKeyException raced) {
        if (look == LOOKS) {
          throw Errors.of(ErrorCode.CONFLICT, "reason", "CONCURRENT_REQUEST");
        }
      }
    }
  }

  /** Asked before anything is written: no other domain can fail a stored subscription. */
  private UserRef creatorOf(Caller caller, SubscriptionCreate order) {
    PlanRow plan = requirePlan(plans.find(db, order.planId()));
    CheckoutRules.requireFit(caller.userId(), plan, order);
    return creators.ref(caller, plan.creatorId());
  }

  private static PlanRow requirePlan(Optional<PlanRow> found) {
    return found
        .filter(plan -> !plan.deleted())
        .orElseThrow(() -> Errors.of(ErrorCode.PLAN_NOT_FOUND));
  }

  private Optional<String> madeBefore(Sql sql, long userId, IdempotencyKey idempotency) {
    if (!idempotency.present()) {
      return Optional.empty();
    }
    return subscriptions
        .byIdempotencyKey(sql, userId, idempotency.key())
        .map(
            stored -> {
              idempotency.requireSame(stored.hash());
              return stored.publicId();
            });
  }

  /**
   * @param before whether the same request made the row while this one waited for the lock
   */
  private record Opened(String publicId, boolean before) {}

  /** Lock, look, decide, write. */
  private Opened open(Tx tx, Caller caller, SubscriptionCreate order, IdempotencyKey idempotency) {
    Instant now = clock.instant();
    PlanRow plan = requirePlan(plans.lock(tx, order.planId()));
    Optional<String> made = madeBefore(tx, caller.userId(), idempotency);
    if (made.isPresent()) {
      return new Opened(made.get(), true);
    }
    CheckoutRules.requireFit(caller.userId(), plan, order);
    Optional<SubscriptionRow> present =
        subscriptions.unexpired(tx, caller.userId(), plan.creatorId());
    present.filter(row -> SubscriptionRules.isLive(row, now)).ifPresent(this::refuseSecond);
    if (plan.priced()) {
      throw Errors.of(
          ErrorCode.NOT_IMPLEMENTED_YET,
          "reason",
          "PAYMENTS_NOT_OPEN",
          "message",
          "付费订阅即将开放，目前可以订阅免费方案");
    }
    present.ifPresent(lapsed -> end(tx, caller, lapsed, now));
    return new Opened(activate(tx, caller, plan, idempotency, now), false);
  }

  private void refuseSecond(SubscriptionRow live) {
    throw Errors.of(
        ErrorCode.SUBSCRIPTION_ALREADY_EXISTS,
        "subscription_id",
        live.publicId(),
        "status",
        live.status().literal(),
        "plan_id",
        live.planId());
  }

  /** What the lifecycle job would have done: access is over, the row only does not say so yet. */
  private void end(Tx tx, Caller caller, SubscriptionRow lapsed, Instant now) {
    SubscriptionMachine.Transition ended =
        SubscriptionMachine.next(lapsed.status(), SubscriptionEvent.ACCESS_ENDED).orElseThrow();
    if (!subscriptions.endLapsed(tx, lapsed.id(), ended.to(), ended.reason(), now)) {
      return;
    }
    counters.accessEnded(tx, lapsed.creatorId(), lapsed.planId(), lapsed.planPriced());
    audit(tx, caller, lapsed.publicId(), lapsed.status(), ended.to(), lapsed.planId(), now);
  }

  /** Returns the sub_ id. */
  private String activate(
      Tx tx, Caller caller, PlanRow plan, IdempotencyKey idempotency, Instant now) {
    SubscriptionStatus status = SubscriptionMachine.birth(SubscriptionEvent.GRANTED).orElseThrow();
    String publicId = Ids.random("sub_", 12);
    subscriptions.insertFree(tx, publicId, caller.userId(), plan, status, idempotency, now);
    plans.markSold(tx, plan.id());
    counters.accessBegan(tx, plan.creatorId(), plan.id(), plan.priced());
    audit(tx, caller, publicId, null, status, plan.id(), now);
    outbox.publish(
        tx,
        EventTopic.SUBSCRIPTION_CREATED,
        new SubscriptionCreatedEvent(
            publicId, caller.userId(), plan.creatorId(), plan.id(), plan.name(), status, now));
    outbox.publish(
        tx,
        EventTopic.SUBSCRIPTION_ACTIVATED,
        new SubscriptionActivatedEvent(
            publicId, caller.userId(), plan.creatorId(), plan.id(), plan.name(), now));
    return publicId;
  }

  private void audit(
      Tx tx,
      Caller caller,
      String publicId,
      SubscriptionStatus before,
      SubscriptionStatus after,
      long planId,
      Instant now) {
    audit.write(
        tx,
        caller,
        new AuditRepository.Entry(
            "subscriptions.create",
            "subscription",
            publicId,
            before == null ? null : before.literal(),
            after.literal(),
            new JsonObject().put("plan_id", planId)),
        now);
  }
}
