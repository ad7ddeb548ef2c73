package com.sharestack.billing;

import com.sharestack.billing.PeriodRepository.Period;
import com.sharestack.billing.payments.Channels;
import com.sharestack.billing.payments.Charge;
import com.sharestack.billing.payments.Choice;
import com.sharestack.billing.payments.OrderRef;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentRepository;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.pricing.Price;
import com.sharestack.billing.pricing.Proration;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.PlanChangeTiming;
import com.sharestack.contract.SubscriptionPlanChange;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;

/** Operation {@code subscriptions.changePlan}. */
final class SubscriptionPlanChanging {

  private static final int LOOKS = 4;

  private final SubscriptionParts parts;
  private final PaymentCore payments;
  private final PlanChanges changes;
  private final Renewals renewals;

  SubscriptionPlanChanging(SubscriptionParts parts, PaymentCore payments) {
    this.parts = parts;
    this.payments = payments;
    this.changes = new PlanChanges(parts);
    this.renewals = new Renewals(parts);
  }

  /**
   * @param payment null when nothing is due now
   */
  record Outcome(SubscriptionRow row, PaymentRow payment) {}

  /**
   * @param paymentId null when nothing is due now
   */
  private record Order(String paymentId) {}

  Outcome change(Caller caller, String subscriptionId, SubscriptionPlanChange wish) {
    return Looks.until(
        LOOKS,
        () -> {
          SubscriptionRow seen = parts.requireOwn(caller, subscriptionId);
          return parts
              .db()
              .tx(tx -> Optional.ofNullable(open(tx, caller, seen, wish)))
              .map(made -> outcome(subscriptionId, made));
        });
  }

  private Outcome outcome(String subscriptionId, Order order) {
    PaymentRow payment =
        order.paymentId() == null
            ? null
            : payments.calls().place(rows().find(parts.db(), order.paymentId()).orElseThrow());
    return new Outcome(
        parts.subscriptions().find(parts.db(), subscriptionId).orElseThrow(), payment);
  }

  private PaymentRepository rows() {
    return parts.payments().payments();
  }

  /** Lock, look, decide, write. Null when the row is not the one the locks were chosen for. */
  private Order open(Tx tx, Caller caller, SubscriptionRow seen, SubscriptionPlanChange wish) {
    Instant now = parts.clock().instant();
    TreeSet<Long> plans = new TreeSet<>();
    plans.add(seen.planId());
    plans.add(wish.newPlanId());
    plans.forEach(plan -> parts.tables().plans().lock(tx, plan));
    SubscriptionRow row = parts.subscriptions().lock(tx, seen.publicId()).orElseThrow();
    if (row.planId() != seen.planId()) {
      return null;
    }
    PlanChangeRules.requireRunning(row, now);
    PlanRow target =
        parts
            .tables()
            .plans()
            .find(tx, wish.newPlanId())
            .filter(plan -> !plan.deleted())
            .orElseThrow(() -> Errors.of(ErrorCode.PLAN_NOT_FOUND));
    Optional<PaymentRow> open = rows().open(tx, row.publicId());
    if (open.isPresent()) {
      return continued(row, target, open.get());
    }
    if (renewals.ahead(tx, row).isPresent()) {
      throw PlanChangeRules.refused("renewal_prepaid", "下一周期已支付，暂不能变更方案");
    }
    if (target.id() == row.planId()) {
      return drop(tx, caller, row, now);
    }
    PlanChangeRules.requireAllowed(row, target, wish.changeTiming());
    return wish.changeTiming() == PlanChangeTiming.NEXT_CYCLE
        ? schedule(tx, caller, row, target, now)
        : immediately(tx, caller, row, target, wish, now);
  }

  /** A change whose channel call failed goes on; any other open payment stands in the way. */
  private static Order continued(SubscriptionRow row, PlanRow target, PaymentRow open) {
    if (open.order().purpose() == PaymentPurpose.RENEWAL) {
      throw RenewalRules.conflict("renewal_in_progress", "续费支付中，请先完成或放弃该支付");
    }
    boolean unplaced =
        open.placed() == null
            && PlanChanges.awaits(row, open)
            && row.pending().planId() == target.id();
    if (!unplaced) {
      throw Errors.of(
          ErrorCode.PLAN_CHANGE_NOT_ALLOWED,
          "reason",
          "change_open",
          "payment_id",
          open.publicId(),
          "message",
          "已有待支付的方案变更");
    }
    return new Order(open.publicId());
  }

  private Order drop(Tx tx, Caller caller, SubscriptionRow row, Instant now) {
    if (row.pending() == null) {
      throw PlanChangeRules.refused("same_plan", "已在使用该方案");
    }
    SubscriptionEdit edit = new SubscriptionEdit(row);
    edit.pending = null;
    parts.subscriptions().store(tx, edit, now);
    audit(tx, caller, row, row.planId(), "dropped", 0, now);
    return new Order(null);
  }

  private Order schedule(Tx tx, Caller caller, SubscriptionRow row, PlanRow target, Instant now) {
    SubscriptionEdit edit = new SubscriptionEdit(row);
    edit.pending =
        new SubscriptionRow.Pending(
            target.id(),
            target.name(),
            target.priced(),
            target.priceFen(),
            target.cycle(),
            PlanChangeTiming.NEXT_CYCLE,
            row.periodEnd(),
            null,
            false,
            0);
    parts.subscriptions().store(tx, edit, now);
    audit(tx, caller, row, target.id(), "next_cycle", 0, now);
    return new Order(null);
  }

  private Order immediately(
      Tx tx,
      Caller caller,
      SubscriptionRow row,
      PlanRow target,
      SubscriptionPlanChange wish,
      Instant now) {
    Period running = parts.periods().at(tx, row.id(), row.periodStart()).orElseThrow();
    long keptFen = parts.periods().keptFen(tx, row.id(), running);
    Proration.Charge charge = PlanChangeRules.charge(row, keptFen, target, wish.prorate(), now);
    audit(tx, caller, row, target.id(), "immediate", charge.chargeFen(), now);
    if (charge.chargeFen() == 0) {
      changes.apply(tx, row, pending(target, null, charge, now), null, 0, now);
      return new Order(null);
    }
    PaymentMethod method = method(tx, row, wish);
    Charge due =
        new Charge(
            new OrderRef(
                PaymentOrderType.SUBSCRIPTION,
                row.publicId(),
                PaymentPurpose.PLAN_CHANGE,
                target.id(),
                null,
                null),
            row.userId(),
            row.creatorId(),
            new Price(charge.chargeFen(), 0, 0, 0),
            target.name());
    String paymentId =
        payments
            .opening()
            .open(
                tx,
                due,
                new Choice(method, Channels.desktop(method), null, null, caller.ip()),
                null,
                new IdempotencyKey(null, null));
    SubscriptionEdit edit = new SubscriptionEdit(row);
    edit.pending = pending(target, paymentId, charge, now);
    parts.subscriptions().store(tx, edit, now);
    return new Order(paymentId);
  }

  private static SubscriptionRow.Pending pending(
      PlanRow target, String paymentId, Proration.Charge charge, Instant now) {
    return new SubscriptionRow.Pending(
        target.id(),
        target.name(),
        target.priced(),
        target.priceFen(),
        target.cycle(),
        PlanChangeTiming.IMMEDIATE,
        now,
        paymentId,
        charge.newPeriod(),
        charge.creditFen());
  }

  /** The one of the request, else the last used. */
  private PaymentMethod method(Tx tx, SubscriptionRow row, SubscriptionPlanChange wish) {
    String wanted = wish.paymentMethod();
    if (wanted == null) {
      wanted =
          rows()
              .last(tx, row.publicId())
              .map(last -> last.choice().method().literal())
              .orElseThrow(() -> Errors.invalid("payment_method", "请选择支付方式"));
    }
    return parts.payments().channels().requireOpen(wanted);
  }

  private void audit(
      Tx tx,
      Caller caller,
      SubscriptionRow row,
      long planId,
      String timing,
      long chargeFen,
      Instant now) {
    parts
        .tables()
        .audit()
        .write(
            tx,
            caller,
            new AuditRepository.Entry(
                "subscriptions.changePlan",
                "subscription",
                row.publicId(),
                row.status().literal(),
                row.status().literal(),
                new JsonObject()
                    .put("plan_from", row.planId())
                    .put("plan_to", planId)
                    .put("timing", timing)
                    .put("charge_fen", chargeFen)),
            now);
  }
}
