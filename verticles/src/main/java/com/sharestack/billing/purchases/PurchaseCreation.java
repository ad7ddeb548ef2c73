package com.sharestack.billing.purchases;

import com.sharestack.billing.AuditRepository;
import com.sharestack.billing.IdempotencyKey;
import com.sharestack.billing.Looks;
import com.sharestack.billing.coupons.CouponAttempts;
import com.sharestack.billing.coupons.CouponItem;
import com.sharestack.billing.coupons.CouponReason;
import com.sharestack.billing.coupons.Coupons;
import com.sharestack.billing.payments.Channels;
import com.sharestack.billing.payments.Choice;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.payments.PaymentRepository;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.pricing.Price;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.contract.PurchaseCreate;
import com.sharestack.contract.PurchaseStatus;
import com.sharestack.contract.SaleTerms;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.money.Money;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Operation {@code purchases.create}: the article says what is due. Order and payment are committed
 * before the channel hears of them; the same request, with the same key or without, goes on where
 * an earlier one was killed. The unique key of live purchases decides between two at once.
 */
final class PurchaseCreation {

  private static final int LOOKS = 4;
  private static final String SCOPE = "purchases.create";
  private static final IdempotencyKey NO_KEY = new IdempotencyKey(null, null);

  private final PurchaseCore core;
  private final PaymentCore payments;
  private final PaymentParts parts;
  private final PurchaseRepository purchases;
  private final Coupons coupons;
  private final FreePurchases free;
  private final PurchaseOffers offers;
  private final CouponAttempts attempts;
  private final Consumer<String> returnUrls;

  PurchaseCreation(
      PurchaseCore core,
      PurchaseOffers offers,
      CouponAttempts attempts,
      Consumer<String> returnUrls) {
    this.core = core;
    this.payments = core.payments();
    this.parts = payments.parts();
    this.purchases = core.purchases();
    this.coupons = core.coupons();
    this.free = new FreePurchases(parts, coupons);
    this.offers = offers;
    this.attempts = attempts;
    this.returnUrls = returnUrls;
  }

  /**
   * @param payment null when nothing is due
   * @param before whether the purchase existed
   */
  record Outcome(PurchaseRow purchase, PaymentRow payment, boolean before) {}

  /**
   * What is asked for, checked as far as it can be without the article.
   *
   * @param choice null when no method was named
   * @param code upper case, null without
   */
  private record Form(Caller caller, Choice choice, String code, IdempotencyKey key) {}

  /** The order that a transaction wrote or found. */
  private record Written(String publicId, boolean before) {}

  Outcome create(Caller caller, PurchaseCreate order) {
    Form form = form(caller, order);
    if (form.code() != null) {
      attempts.requireOpen(caller.userId(), caller.ip());
    }
    return Looks.until(LOOKS, () -> look(form, order));
  }

  private Optional<Outcome> look(Form form, PurchaseCreate order) {
    Optional<String> made = madeBefore(form);
    if (made.isPresent()) {
      return Optional.of(placed(made.get(), true));
    }
    SaleTerms terms = offers.require(form.caller(), order.articleId(), order.force());
    try {
      return attempt(form, terms).map(written -> placed(written.publicId(), written.before()));
    } catch (ServiceException refused) {
      throw counted(form, refused);
    }
  }

  private Form form(Caller caller, PurchaseCreate order) {
    Choice choice = null;
    if (order.paymentMethod() != null) {
      PaymentMethod method = parts.channels().requireOpen(order.paymentMethod());
      choice = new Choice(method, Channels.desktop(method), order.returnUrl(), null, caller.ip());
    }
    if (order.returnUrl() != null) {
      returnUrls.accept(order.returnUrl());
    }
    String code = order.promoCode() == null ? null : Coupons.normalised(order.promoCode());
    return new Form(caller, choice, code, IdempotencyKey.of(caller));
  }

  /** The key is the purchase's that it made, or the payment's of one that it priced anew. */
  private Optional<String> madeBefore(Form form) {
    if (!form.key().present()) {
      return Optional.empty();
    }
    long userId = form.caller().userId();
    Optional<PurchaseRepository.Stored> stored =
        purchases.byIdempotencyKey(parts.db(), userId, form.key().key());
    if (stored.isPresent()) {
      form.key().requireSame(stored.get().hash());
      return Optional.of(stored.get().publicId());
    }
    Optional<PaymentRepository.Stored> paid =
        parts.payments().byIdempotencyKey(parts.db(), userId, SCOPE, form.key().key());
    paid.ifPresent(found -> form.key().requireSame(found.hash()));
    return paid.flatMap(found -> parts.payments().find(parts.db(), found.publicId()))
        .map(payment -> payment.order().id());
  }

  /** A code nobody may know about counts as a guess, whatever the transaction's end. */
  private ServiceException counted(Form form, ServiceException refused) {
    boolean guessed =
        Errors.is(refused, ErrorCode.COUPON_INVALID)
            && CouponReason.NOT_FOUND.literal().equals(refused.getDebugInfo().getString("reason"));
    if (guessed) {
      attempts.wrong(form.caller().userId());
    }
    return refused;
  }

  /** Empty when something was put out of the way and the order must be looked at again. */
  private Optional<Written> attempt(Form form, SaleTerms terms) {
    long userId = form.caller().userId();
    Optional<PurchaseRow> live = purchases.live(parts.db(), userId, terms.articleId());
    Optional<PaymentRow> open =
        live.filter(PurchaseRow::pending)
            .flatMap(row -> parts.payments().open(parts.db(), row.publicId()));
    if (open.isPresent()) {
      if (fits(form, terms, live.get(), open.get())) {
        return Optional.of(new Written(live.get().publicId(), true));
      }
      supersede(open.get());
      return Optional.empty();
    }
    return parts.db().tx(tx -> write(tx, form, terms));
  }

  private boolean fits(Form form, SaleTerms terms, PurchaseRow row, PaymentRow open) {
    Instant now = now();
    return form.choice() != null
        && open.choice().method() == form.choice().method()
        && now.isBefore(open.expiresAt())
        && row.awaits(now)
        && sameTerms(form, terms, row);
  }

  private static boolean sameTerms(Form form, SaleTerms terms, PurchaseRow row) {
    return row.price().listFen() == Money.toFen(terms.price())
        && row.article().accessDays() == terms.accessDays()
        && Objects.equals(row.couponCode(), form.code());
  }

  /** Paid while it was being closed: the next look finds the purchase owned. */
  private void supersede(PaymentRow open) {
    try {
      payments.opening().supersede(open);
    } catch (ServiceException ended) {
      if (!Errors.is(ended, ErrorCode.PAYMENT_ALREADY_PAID)) {
        throw ended;
      }
    }
  }

  /** Lock, look, decide, write. */
  private Optional<Written> write(Tx tx, Form form, SaleTerms terms) {
    Instant now = now();
    Optional<PurchaseRow> live = purchases.lockLive(tx, form.caller().userId(), terms.articleId());
    if (live.isPresent() && live.get().opens(now)) {
      throw Errors.of(
          ErrorCode.ALREADY_OWNED, "source", "purchased", "purchase_id", live.get().publicId());
    }
    if (live.isPresent() && live.get().pending()) {
      if (parts.payments().open(tx, live.get().publicId()).isPresent()) {
        return Optional.empty();
      }
      if (live.get().awaits(now)) {
        return Optional.of(repriced(tx, form, terms, live.get(), now));
      }
      core.ends().close(tx, live.get(), now);
    } else if (live.isPresent()) {
      purchases.end(tx, live.get(), PurchaseStatus.EXPIRED, now);
    }
    return Optional.of(ordered(tx, form, terms, now));
  }

  private Written ordered(Tx tx, Form form, SaleTerms terms, Instant now) {
    String publicId = Ids.random(PurchaseOrders.PREFIX, 12);
    Price price = price(tx, form, terms, publicId);
    PurchaseRow row =
        order(0, publicId, form, terms, price, now.plus(PurchaseRules.UNPAID_LIFE), now, now);
    purchases.insert(tx, row, form.key());
    due(tx, form, row, NO_KEY, now);
    audit(tx, form, row, null, now);
    return new Written(publicId, false);
  }

  /** The order keeps its id and its end; a coupon it held and still wants is kept as priced. */
  private Written repriced(Tx tx, Form form, SaleTerms terms, PurchaseRow old, Instant now) {
    if (!sameTerms(form, terms, old)) {
      coupons.release(tx, old.publicId());
    }
    Price price = price(tx, form, terms, old.publicId());
    PurchaseRow row =
        order(
            old.id(), old.publicId(), form, terms, price, old.unpaidUntil(), old.createdAt(), now);
    purchases.reprice(tx, row, now);
    due(tx, form, row, form.key(), now);
    audit(tx, form, row, old.status(), now);
    return new Written(old.publicId(), true);
  }

  private Price price(Tx tx, Form form, SaleTerms terms, String publicId) {
    long listFen = Money.toFen(terms.price());
    return form.code() == null
        ? Price.of(listFen, null, null)
        : Price.of(
            listFen,
            null,
            coupons
                .reserve(
                    tx,
                    form.code(),
                    form.caller().userId(),
                    publicId,
                    CouponItem.article(terms.articleId(), terms.authorId()),
                    listFen)
                .discount());
  }

  private static PurchaseRow order(
      long id,
      String publicId,
      Form form,
      SaleTerms terms,
      Price price,
      Instant unpaidUntil,
      Instant createdAt,
      Instant now) {
    boolean free = price.paidFen() == 0;
    return new PurchaseRow(
        id,
        publicId,
        form.caller().userId(),
        new PurchaseRow.Article(
            terms.articleId(),
            terms.authorId(),
            terms.title(),
            terms.contentType(),
            terms.coverImage(),
            terms.accessDays()),
        price,
        form.code(),
        free ? PurchaseStatus.ACTIVE : PurchaseStatus.PENDING_PAYMENT,
        unpaidUntil,
        free ? now : null,
        free ? PurchaseRules.accessEnd(now, terms.accessDays()) : null,
        null,
        createdAt);
  }

  /** Opens the payment, or books the sale that needs none. */
  private void due(Tx tx, Form form, PurchaseRow row, IdempotencyKey paymentKey, Instant now) {
    if (row.active()) {
      free.book(tx, row, now);
      return;
    }
    if (form.choice() == null) {
      throw Errors.invalid("payment_method", "请选择支付方式");
    }
    payments.opening().open(tx, PurchaseOrders.charge(row), form.choice(), SCOPE, paymentKey);
  }

  private void audit(Tx tx, Form form, PurchaseRow row, PurchaseStatus before, Instant now) {
    parts
        .audit()
        .write(
            tx,
            form.caller(),
            new AuditRepository.Entry(
                SCOPE,
                "purchase",
                row.publicId(),
                before == null ? null : before.literal(),
                row.status().literal(),
                new JsonObject()
                    .put("article_id", row.article().id())
                    .put("amount_fen", row.price().paidFen())),
            now);
  }

  /**
   * Brings the payment to its channel, unless it is there; the row is committed. Earlier payments
   * of an order that nothing is due for any more are not its own.
   */
  private Outcome placed(String publicId, boolean before) {
    PurchaseRow seen = purchases.find(parts.db(), publicId).orElseThrow();
    if (seen.price().paidFen() == 0) {
      return new Outcome(seen, null, before);
    }
    PaymentRow payment =
        payments.calls().place(parts.payments().last(parts.db(), publicId).orElseThrow());
    return new Outcome(purchases.find(parts.db(), publicId).orElseThrow(), payment, before);
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
