package com.sharestack.billing;

import com.sharestack.billing.coupons.Reservation;
import com.sharestack.billing.payments.Channels;
import com.sharestack.billing.payments.Charge;
import com.sharestack.billing.payments.Choice;
import com.sharestack.billing.payments.OrderRef;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentRepository;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.pricing.Price;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentPurpose;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.contract.UserRef;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.ids.Ids;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Operation {@code subscriptions.create}. The plan's lock orders the buyers of one plan, the unique
 * keys of the tables decide what the lock does not cover: the same user on two plans of a creator,
 * or one idempotency key on two plans. Order, coupon's place and payment are committed together;
 * the channel hears of them afterwards, and a retry goes on where that failed.
 */
final class SubscriptionCreation {

  /** A lost race is over when its winner has committed, so the second look sees the row. */
  private static final int LOOKS = 4;

  private static final String SCOPE = "subscriptions.create";

  private final SubscriptionParts parts;
  private final PaymentCore payments;
  private final Activation activation;
  private final GrantedSales granted;
  private final OrderTerms terms;
  private final Creators creators;
  private final CheckoutRules checkout;

  SubscriptionCreation(
      SubscriptionParts parts, PaymentCore payments, Creators creators, CheckoutRules checkout) {
    this.parts = parts;
    this.payments = payments;
    this.activation = new Activation(parts);
    this.granted = new GrantedSales(parts.payments());
    this.terms = new OrderTerms(parts);
    this.creators = creators;
    this.checkout = checkout;
  }

  /**
   * @param payment null when nothing was due
   * @param before whether the rows existed
   */
  record Outcome(SubscriptionRow row, UserRef creator, PaymentRow payment, boolean before) {}

  /**
   * @param paymentId null when nothing was due
   */
  private record Order(String publicId, String paymentId, boolean before) {}

  Outcome create(Caller caller, SubscriptionCreate order) {
    checkout.requireForm(order);
    IdempotencyKey key = IdempotencyKey.of(caller);
    return Looks.until(LOOKS, () -> attempt(caller, order, key).map(made -> outcome(caller, made)));
  }

  /** Empty when an older payment was put out of the way and the order must be looked at again. */
  private Optional<Order> attempt(Caller caller, SubscriptionCreate order, IdempotencyKey key) {
    Optional<Order> made = madeBefore(parts.db(), caller.userId(), key);
    if (made.isPresent()) {
      return made;
    }
    PlanRow plan = requirePlan(parts.tables().plans().find(parts.db(), order.planId()));
    CheckoutRules.requireFit(caller.userId(), plan, order);
    // asked before anything is written: no other domain can fail a stored subscription
    creators.ref(caller, plan.creatorId());
    Optional<Order> same = sameOrder(caller, order, plan);
    return same.isPresent()
        ? same
        : parts.db().tx(tx -> Optional.ofNullable(open(tx, caller, order, key)));
  }

  private Outcome outcome(Caller caller, Order order) {
    PaymentRow payment =
        order.paymentId() == null
            ? null
            : payments
                .calls()
                .place(paymentRows().find(parts.db(), order.paymentId()).orElseThrow());
    SubscriptionRow row = parts.subscriptions().find(parts.db(), order.publicId()).orElseThrow();
    return new Outcome(row, creators.ref(caller, row.creatorId()), payment, order.before());
  }

  private PaymentRepository paymentRows() {
    return parts.payments().payments();
  }

  private static PlanRow requirePlan(Optional<PlanRow> found) {
    return found
        .filter(plan -> !plan.deleted())
        .orElseThrow(() -> Errors.of(ErrorCode.PLAN_NOT_FOUND));
  }

  private Optional<Order> madeBefore(Sql sql, long userId, IdempotencyKey key) {
    if (!key.present()) {
      return Optional.empty();
    }
    Optional<PaymentRepository.Stored> paid =
        paymentRows().byIdempotencyKey(sql, userId, SCOPE, key.key());
    if (paid.isPresent()) {
      key.requireSame(paid.get().hash());
      PaymentRow payment = paymentRows().find(sql, paid.get().publicId()).orElseThrow();
      return Optional.of(new Order(payment.order().id(), payment.publicId(), true));
    }
    return parts
        .subscriptions()
        .byIdempotencyKey(sql, userId, key.key())
        .map(
            stored -> {
              key.requireSame(stored.hash());
              return new Order(stored.publicId(), null, true);
            });
  }

  /**
   * The user's unpaid order with the creator: the same one is answered again, another one loses its
   * payment at the channel to make room.
   */
  private Optional<Order> sameOrder(Caller caller, SubscriptionCreate order, PlanRow plan) {
    Optional<SubscriptionRow> waiting =
        parts
            .subscriptions()
            .unexpired(parts.db(), caller.userId(), plan.creatorId())
            .filter(row -> row.status() == SubscriptionStatus.PENDING_PAYMENT);
    Optional<PaymentRow> open =
        waiting.flatMap(row -> paymentRows().open(parts.db(), row.publicId()));
    if (open.isEmpty()) {
      return Optional.empty();
    }
    if (isSame(waiting.get(), open.get(), order, plan)) {
      return Optional.of(new Order(waiting.get().publicId(), open.get().publicId(), true));
    }
    try {
      payments.opening().supersede(open.get());
    } catch (ServiceException refused) {
      // paid meanwhile: the subscription runs, which the next step says in its own words
      if (!ErrorCode.PAYMENT_ALREADY_PAID.name().equals(refused.getMessage())) {
        throw refused;
      }
    }
    return Optional.empty();
  }

  private boolean isSame(
      SubscriptionRow waiting, PaymentRow open, SubscriptionCreate order, PlanRow plan) {
    Instant now = parts.clock().instant();
    return waiting.planId() == plan.id()
        && open.choice().method().literal().equals(order.paymentMethod())
        && open.price().listFen() == plan.priceFen()
        && Objects.equals(waiting.promoCode(), OrderTerms.code(order))
        && now.isBefore(open.expiresAt())
        && now.isBefore(waiting.dueAt());
  }

  /** Lock, look, decide, write. Null when an open payment turned up meanwhile. */
  private Order open(Tx tx, Caller caller, SubscriptionCreate order, IdempotencyKey key) {
    Instant now = parts.clock().instant();
    PlanRow plan = requirePlan(parts.tables().plans().lock(tx, order.planId()));
    Optional<Order> made = madeBefore(tx, caller.userId(), key);
    if (made.isPresent()) {
      return made.get();
    }
    CheckoutRules.requireFit(caller.userId(), plan, order);
    Optional<SubscriptionRow> present =
        parts.subscriptions().lockUnexpired(tx, caller.userId(), plan.creatorId());
    Optional<SubscriptionRow> waiting =
        present.filter(row -> row.status() == SubscriptionStatus.PENDING_PAYMENT);
    if (waiting.isPresent()) {
      if (paymentRows().open(tx, waiting.get().publicId()).isPresent()) {
        return null;
      }
      parts.coupons().release(tx, waiting.get().publicId());
    } else {
      present.filter(row -> SubscriptionRules.isLive(row, now)).ifPresent(this::refuseSecond);
      present.ifPresent(
          lapsed -> {
            activation.end(tx, lapsed, SubscriptionEvent.ACCESS_ENDED, now);
            audit(tx, caller, lapsed, SubscriptionStatus.EXPIRED, now);
          });
    }
    return write(tx, caller, order, key, plan, waiting, now);
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

  /** Prices the order, then either grants it or opens its payment. */
  private Order write(
      Tx tx,
      Caller caller,
      SubscriptionCreate order,
      IdempotencyKey key,
      PlanRow plan,
      Optional<SubscriptionRow> waiting,
      Instant now) {
    waiting
        .filter(row -> !now.isBefore(row.dueAt()))
        .ifPresent(late -> activation.abandon(tx, late, now));
    Optional<SubscriptionRow> reused = waiting.filter(row -> now.isBefore(row.dueAt()));
    String publicId = reused.map(SubscriptionRow::publicId).orElseGet(() -> Ids.random("sub_", 12));
    Optional<Reservation> coupon = terms.reserve(tx, caller.userId(), order, plan, publicId);
    Price price = Price.of(plan.priceFen(), null, coupon.map(Reservation::discount).orElse(null));
    boolean due = price.paidFen() > 0;
    PaymentMethod method = due ? payable(order) : null;
    if (reused.isEmpty()) {
      insert(tx, caller, plan, publicId, due, key, now);
    } else if (key.present()) {
      parts.subscriptions().storeKey(tx, reused.get().id(), key);
    }
    terms.preview(tx, publicId, plan, order, coupon, now);
    SubscriptionRow row = parts.subscriptions().find(tx, publicId).orElseThrow();
    if (reused.isEmpty()) {
      parts.news().created(tx, row, row.status(), now);
    }
    if (!due) {
      grant(tx, caller, row, plan, price, now);
      return new Order(publicId, null, false);
    }
    audit(tx, caller, row, row.status(), now);
    Choice choice =
        new Choice(method, Channels.desktop(method), order.returnUrl(), null, caller.ip());
    String paymentId =
        payments.opening().open(tx, charge(caller, plan, publicId, price), choice, SCOPE, key);
    return new Order(publicId, paymentId, false);
  }

  private static Charge charge(Caller caller, PlanRow plan, String publicId, Price price) {
    OrderRef ref =
        new OrderRef(
            PaymentOrderType.SUBSCRIPTION, publicId, PaymentPurpose.INITIAL, plan.id(), null, null);
    return new Charge(ref, caller.userId(), plan.creatorId(), price, plan.name());
  }

  private void insert(
      Tx tx,
      Caller caller,
      PlanRow plan,
      String publicId,
      boolean due,
      IdempotencyKey key,
      Instant now) {
    SubscriptionEvent event = due ? SubscriptionEvent.ORDERED : SubscriptionEvent.GRANTED;
    parts
        .subscriptions()
        .insert(
            tx,
            publicId,
            caller.userId(),
            plan,
            SubscriptionMachine.birth(event).orElseThrow(),
            OrderTerms.source(plan),
            key,
            now);
  }

  /** How it shall be paid; asked for as soon as something is due. */
  private PaymentMethod payable(SubscriptionCreate order) {
    if (order.paymentMethod() == null) {
      throw Errors.invalid("payment_method", "请选择支付方式");
    }
    return parts.payments().channels().requireOpen(order.paymentMethod());
  }

  /** Active at once (ledger.zero_amount); only what the platform gives is booked. */
  private void grant(
      Tx tx, Caller caller, SubscriptionRow row, PlanRow plan, Price price, Instant now) {
    activation.granted(tx, row, now);
    audit(tx, caller, row, SubscriptionStatus.ACTIVE, now);
    granted.book(tx, row, plan, PaymentPurpose.INITIAL, now, price.platformFen(), now);
  }

  private void audit(
      Tx tx, Caller caller, SubscriptionRow row, SubscriptionStatus after, Instant now) {
    boolean fresh = row.status() == after;
    parts
        .tables()
        .audit()
        .write(
            tx,
            caller,
            new AuditRepository.Entry(
                "subscriptions.create",
                "subscription",
                row.publicId(),
                fresh ? null : row.status().literal(),
                after.literal(),
                new JsonObject().put("plan_id", row.planId())),
            now);
  }
}
