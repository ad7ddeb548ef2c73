package com.sharestack.billing;

import com.sharestack.billing.PeriodRepository.Period;
import com.sharestack.billing.coupons.CouponItem;
import com.sharestack.billing.coupons.Coupons;
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
import com.sharestack.contract.SubscriptionRenew;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** Operation {@code subscriptions.renew}: the next period, ordered by hand. */
final class SubscriptionRenewing {

  private static final int LOOKS = 4;

  private final SubscriptionParts parts;
  private final PaymentCore payments;
  private final Renewals renewals;
  private final GrantedSales granted;
  private final CheckoutRules checkout;

  SubscriptionRenewing(SubscriptionParts parts, PaymentCore payments, CheckoutRules checkout) {
    this.parts = parts;
    this.payments = payments;
    this.renewals = new Renewals(parts);
    this.granted = new GrantedSales(parts.payments());
    this.checkout = checkout;
  }

  /**
   * @param payment null when nothing was due
   * @param before whether the payment existed
   */
  record Outcome(SubscriptionRow row, PaymentRow payment, boolean before) {}

  /**
   * @param paymentId null when nothing was due
   */
  private record Order(String paymentId, boolean before) {}

  Outcome renew(Caller caller, String subscriptionId, SubscriptionRenew wish) {
    PaymentMethod method = parts.payments().channels().requireOpen(wish.paymentMethod());
    if (wish.returnUrl() != null) {
      checkout.requireReturnUrl(wish.returnUrl());
    }
    IdempotencyKey key = IdempotencyKey.of(caller);
    return Looks.until(
        LOOKS,
        () ->
            attempt(caller, subscriptionId, wish, method, key)
                .map(made -> outcome(subscriptionId, made)));
  }

  private Outcome outcome(String subscriptionId, Order order) {
    PaymentRow payment =
        order.paymentId() == null
            ? null
            : payments.calls().place(rows().find(parts.db(), order.paymentId()).orElseThrow());
    return new Outcome(
        parts.subscriptions().find(parts.db(), subscriptionId).orElseThrow(),
        payment,
        order.before());
  }

  private PaymentRepository rows() {
    return parts.payments().payments();
  }

  private static String scope(String subscriptionId) {
    return "renew:" + subscriptionId;
  }

  /** Empty when an older payment was put out of the way and the order must be looked at again. */
  private Optional<Order> attempt(
      Caller caller,
      String subscriptionId,
      SubscriptionRenew wish,
      PaymentMethod method,
      IdempotencyKey key) {
    SubscriptionRow seen = parts.requireOwn(caller, subscriptionId);
    Optional<PaymentRepository.Stored> stored =
        key.present()
            ? rows()
                .byIdempotencyKey(parts.db(), caller.userId(), scope(seen.publicId()), key.key())
            : Optional.empty();
    if (stored.isPresent()) {
      key.requireSame(stored.get().hash());
      return Optional.of(new Order(stored.get().publicId(), true));
    }
    Optional<Order> free = free(parts.db(), seen, key);
    Optional<Order> same = free.isPresent() ? free : sameRenewal(seen, wish, method);
    return same.isPresent()
        ? same
        : parts.db().tx(tx -> Optional.ofNullable(open(tx, caller, seen, wish, method, key)));
  }

  /** A renewal of this request for which nothing was due. */
  private Optional<Order> free(Sql sql, SubscriptionRow row, IdempotencyKey key) {
    if (!key.present()) {
      return Optional.empty();
    }
    Optional<Buffer> hash = parts.periods().byIdempotencyKey(sql, row.id(), key.key());
    hash.ifPresent(key::requireSame);
    return hash.map(known -> new Order(null, true));
  }

  /** The open renewal payment once more, or closed to make room for another method or coupon. */
  private Optional<Order> sameRenewal(
      SubscriptionRow seen, SubscriptionRenew wish, PaymentMethod method) {
    Optional<PaymentRow> open = rows().open(parts.db(), seen.publicId());
    if (open.isEmpty() || open.get().order().purpose() != PaymentPurpose.RENEWAL) {
      return Optional.empty();
    }
    boolean same =
        open.get().choice().method() == method
            && Objects.equals(seen.promoCode(), code(wish))
            && parts.clock().instant().isBefore(open.get().expiresAt());
    if (same) {
      return Optional.of(new Order(open.get().publicId(), true));
    }
    try {
      payments.opening().supersede(open.get());
    } catch (ServiceException refused) {
      // paid meanwhile: the period is there, which the next step says in its own words
      if (!ErrorCode.PAYMENT_ALREADY_PAID.name().equals(refused.getMessage())) {
        throw refused;
      }
    }
    return Optional.empty();
  }

  private static String code(SubscriptionRenew wish) {
    return wish.promoCode() == null ? null : Coupons.normalised(wish.promoCode());
  }

  /** Lock, look, decide, write. Null when the order must be looked at again. */
  private Order open(
      Tx tx,
      Caller caller,
      SubscriptionRow seen,
      SubscriptionRenew wish,
      PaymentMethod method,
      IdempotencyKey key) {
    Instant now = parts.clock().instant();
    TreeSet<Long> plans = plans(seen);
    plans.forEach(plan -> parts.tables().plans().lock(tx, plan));
    SubscriptionRow row = parts.subscriptions().lock(tx, seen.publicId()).orElseThrow();
    if (!plans.equals(plans(row))) {
      return null;
    }
    Optional<Order> free = free(tx, row, key);
    if (free.isPresent()) {
      return free.get();
    }
    RenewalRules.requireRenewable(row, now);
    Optional<PaymentRow> other = rows().open(tx, row.publicId());
    if (other.isPresent()) {
      if (other.get().order().purpose() == PaymentPurpose.PLAN_CHANGE) {
        throw RenewalRules.conflict("plan_change_in_progress", "方案变更支付中，请先完成或放弃该支付");
      }
      return null;
    }
    Optional<Period> ahead = renewals.ahead(tx, row);
    if (ahead.isPresent()) {
      throw RenewalRules.conflict("already_renewed", "下一周期已经支付");
    }
    Renewals.Next next = RenewalRules.next(row);
    PlanRow plan = parts.tables().plans().find(tx, next.planId()).orElseThrow();
    if (plan.deleted()) {
      throw Errors.of(ErrorCode.PLAN_NOT_ACTIVE, "status", "deleted");
    }
    return write(tx, caller, row, plan, next, wish, method, key, now);
  }

  private static TreeSet<Long> plans(SubscriptionRow row) {
    TreeSet<Long> plans = new TreeSet<>();
    plans.add(row.planId());
    if (row.pending() != null) {
      plans.add(row.pending().planId());
    }
    return plans;
  }

  private Order write(
      Tx tx,
      Caller caller,
      SubscriptionRow row,
      PlanRow plan,
      Renewals.Next next,
      SubscriptionRenew wish,
      PaymentMethod method,
      IdempotencyKey key,
      Instant now) {
    Price price =
        Price.of(
            next.priceFen(),
            null,
            coupon(tx, row, next, wish).map(Reservation::discount).orElse(null));
    audit(tx, caller, row, next, price, now);
    if (price.paidFen() == 0) {
      renewals.add(tx, row, next, null, 0, now);
      parts.periods().storeKey(tx, row.id(), key);
      granted.book(tx, row, plan, PaymentPurpose.RENEWAL, next.start(), price.platformFen(), now);
      return new Order(null, false);
    }
    SubscriptionEdit edit = new SubscriptionEdit(row);
    edit.promoCode = code(wish);
    parts.subscriptions().store(tx, edit, now);
    Charge charge =
        new Charge(
            new OrderRef(
                PaymentOrderType.SUBSCRIPTION,
                row.publicId(),
                PaymentPurpose.RENEWAL,
                next.planId(),
                null,
                next.start()),
            row.userId(),
            row.creatorId(),
            price,
            plan.name());
    Choice choice =
        new Choice(method, Channels.desktop(method), wish.returnUrl(), null, caller.ip());
    return new Order(
        payments.opening().open(tx, charge, choice, scope(row.publicId()), key), false);
  }

  /**
   * The coupon of the request takes a place; without one an earlier use may still cover charges.
   */
  private Optional<Reservation> coupon(
      Tx tx, SubscriptionRow row, Renewals.Next next, SubscriptionRenew wish) {
    if (wish.promoCode() != null) {
      return Optional.of(
          parts
              .coupons()
              .reserve(
                  tx,
                  wish.promoCode(),
                  row.userId(),
                  renewals.couponOrder(tx, row, next.start()),
                  CouponItem.renewal(next.planId(), row.creatorId()),
                  next.priceFen()));
    }
    return row.coupon() == null
        ? Optional.empty()
        : parts
            .coupons()
            .covered(tx, row.coupon().orderId(), row.coupon().charges() + 1, next.priceFen());
  }

  private void audit(
      Tx tx, Caller caller, SubscriptionRow row, Renewals.Next next, Price price, Instant now) {
    parts
        .tables()
        .audit()
        .write(
            tx,
            caller,
            new AuditRepository.Entry(
                "subscriptions.renew",
                "subscription",
                row.publicId(),
                row.status().literal(),
                row.status().literal(),
                new JsonObject()
                    .put("plan_id", next.planId())
                    .put("period_start", next.start().toString())
                    .put("amount_fen", price.paidFen())),
            now);
  }
}
