package com.sharestack.billing.coupons;

import com.sharestack.billing.coupons.CouponRepository.Use;
import com.sharestack.billing.pricing.Discount;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The places that orders take of a coupon. A place belongs to the order, not to one of its payments
 * ("must never happen" of the billing contract):
 *
 * <pre>
 * reserve  reserved           in the transaction that writes the order
 * use      reserved -> used   in the one that sets its payment completed (or finds nothing due)
 * release  reserved -> released   when the order ends unpaid, or before it is priced anew
 * refunded used -> returned   by refunds of the system only
 * </pre>
 *
 * Each is a no-op when repeated. Lock order: after plan, payment and order, before the ledger; here
 * coupon, then the user's counter. A failure leaves the transaction to be rolled back.
 */
public final class Coupons {

  /** Terms that change between reading and taking the place are read again. */
  private static final int LOOKS = 3;

  private static final Pattern CODE = Pattern.compile("[A-Z0-9-]{4,32}");

  private final Clock clock;
  private final CouponRepository coupons = new CouponRepository();

  public Coupons(Clock clock) {
    this.clock = clock;
  }

  /** The form in which codes are stored and compared. */
  public static String normalised(String code) {
    return code.strip().toUpperCase(Locale.ROOT);
  }

  /**
   * Takes a place for the order. Repeated for the same order, code and price it answers the place
   * the order holds.
   *
   * @param code as typed
   * @param orderId the id under which the order will end: sub_ or pur_, a renewal with its period;
   *     at most 40 ASCII characters
   * @param listPriceFen what the coupon applies to: the list price, less the promotion where both
   *     are used
   * @throws io.vertx.serviceproxy.ServiceException COUPON_INVALID or COUPON_EXHAUSTED with
   *     details.reason
   * @throws IllegalStateException when the order holds another place: release it first
   */
  public Reservation reserve(
      Tx tx, String code, long userId, String orderId, CouponItem item, long listPriceFen) {
    String wanted = normalised(code);
    Optional<Use> held = coupons.liveUse(tx, orderId);
    if (held.isPresent()) {
      return repeated(tx, held.get(), wanted, userId, item, listPriceFen);
    }
    for (int look = 1; ; look++) {
      CouponRow coupon = usable(tx, wanted, userId, item, listPriceFen);
      long budgetFen = CouponRules.budgetFen(coupon, item, listPriceFen);
      if (coupons.takePlace(tx, coupon, budgetFen, clock.instant())) {
        return taken(tx, coupon, wanted, userId, orderId, item, listPriceFen, budgetFen);
      }
      if (look == LOOKS) {
        throw CouponReason.EXHAUSTED.failure();
      }
    }
  }

  private Reservation repeated(
      Tx tx, Use held, String code, long userId, CouponItem item, long listPriceFen) {
    boolean same =
        held.code().equals(code)
            && held.userId() == userId
            && held.item().equals(item)
            && held.listPriceFen() == listPriceFen;
    if (!same) {
      throw new IllegalStateException(
          "order %s holds a place of coupon %d already".formatted(held.orderId(), held.couponId()));
    }
    return kept(coupons.find(tx, held.couponId()).orElseThrow(), held, held.discountFen());
  }

  /** The coupon behind the code when nothing speaks against it. */
  private CouponRow usable(Tx tx, String code, long userId, CouponItem item, long listPriceFen) {
    Check check = check(tx, code, userId, item, listPriceFen);
    check
        .reason()
        .ifPresent(
            reason -> {
              throw reason.failure();
            });
    return check.coupon();
  }

  private Reservation taken(
      Tx tx,
      CouponRow coupon,
      String code,
      long userId,
      String orderId,
      CouponItem item,
      long listPriceFen,
      long budgetFen) {
    if (!coupons.takePlaceOfUser(tx, coupon.id(), userId, coupon.perUserLimit())) {
      throw CouponReason.PER_USER.failure();
    }
    Reservation reservation = reservation(coupon, item, listPriceFen, code);
    Use use =
        new Use(
            0,
            orderId,
            coupon.id(),
            userId,
            code,
            item,
            listPriceFen,
            reservation.discountFen(),
            budgetFen,
            false);
    try {
      coupons.insertUse(tx, use, clock.instant());
    } catch (DuplicateKeyException raced) {
      throw new IllegalStateException("order " + orderId + " is not locked by its caller", raced);
    }
    return reservation;
  }

  private static Reservation reservation(
      CouponRow coupon, CouponItem item, long listPriceFen, String code) {
    return new Reservation(
        coupon.id(),
        code,
        coupon.discount().off(listPriceFen),
        coupon.discount(),
        coupon.trialDays(),
        CouponRules.cycles(coupon, item));
  }

  /** Orders keep the discount they were priced with, whatever became of the terms since. */
  private static Reservation kept(CouponRow coupon, Use use, long discountFen) {
    Discount terms = coupon.discount();
    Discount fixed =
        terms.kind() == Discount.Kind.NONE
            ? terms
            : new Discount(
                terms.funding(),
                Discount.Kind.FIXED_AMOUNT,
                discountFen,
                null,
                null,
                terms.stackable());
    return new Reservation(
        coupon.id(),
        use.code(),
        discountFen,
        fixed,
        coupon.trialDays(),
        CouponRules.cycles(coupon, use.item()));
  }

  /**
   * The order is paid, or nothing was due: its place is used up.
   *
   * @return whether the order holds a used place now; false when it has none, or lost it because it
   *     ended before
   */
  public boolean use(Tx tx, String orderId) {
    Optional<Use> held = coupons.liveUse(tx, orderId);
    if (held.isEmpty()) {
      return false;
    }
    if (!held.get().used() && coupons.markUsed(tx, held.get(), clock.instant())) {
      coupons.countUsed(tx, held.get());
    }
    return true;
  }

  /**
   * The order ended unpaid, or will be priced anew: its place is free again.
   *
   * @return whether this call freed one; a used place stays
   */
  public boolean release(Tx tx, String orderId) {
    Optional<Use> held = coupons.liveUse(tx, orderId).filter(use -> !use.used());
    if (held.isEmpty() || !coupons.markReleased(tx, held.get(), clock.instant())) {
      return false;
    }
    coupons.countReleased(tx, held.get());
    return true;
  }

  /**
   * A paid order was refunded in full (refund_rules.effect): the use is given back when the system
   * refunded it, and stays used up when the payer or staff asked for it.
   *
   * @return whether this call gave a place back
   */
  public boolean refunded(Tx tx, String orderId, boolean bySystem) {
    Optional<Use> held = coupons.liveUse(tx, orderId).filter(use -> bySystem && use.used());
    if (held.isEmpty() || !coupons.markReturned(tx, held.get(), clock.instant())) {
      return false;
    }
    coupons.countReturned(tx, held.get());
    return true;
  }

  /**
   * A place that an order holds.
   *
   * @param used false: reserved
   */
  public record Place(String orderId, boolean used) {}

  /**
   * The newest place of an order that may be made again under the same id: the second time it is
   * called {@code id#2}, as the place of the first one may be used up for ever.
   */
  public Optional<Place> newest(Sql sql, String orderId) {
    return coupons.newestUse(sql, orderId).map(use -> new Place(use.orderId(), use.used()));
  }

  /**
   * What a later charge of a subscription has off: one use covers {@code appliesToCycles}
   * consecutive charges and counts once (money_formulas.renewal_discount). Takes no place; never
   * more than the first charge had off, which is what the budget was asked for.
   *
   * @param orderId of the order that used the coupon
   * @param charge 1 for the order itself, 2 for the next charge, …
   */
  public Optional<Reservation> covered(Sql sql, String orderId, int charge, long listPriceFen) {
    return coupons
        .liveUse(sql, orderId)
        .filter(Use::used)
        .flatMap(
            use ->
                coupons
                    .find(sql, use.couponId())
                    .map(coupon -> kept(coupon, use, later(coupon, use, listPriceFen))))
        .filter(found -> charge >= 1 && charge <= found.appliesToCycles());
  }

  private static long later(CouponRow coupon, Use use, long listPriceFen) {
    return Math.min(use.discountFen(), coupon.discount().off(listPriceFen));
  }

  /**
   * The outcome of looking at a code.
   *
   * @param coupon null when the payer may not know about it
   * @param reason empty when it may be used
   * @param discountFen taken off; 0 when it may not be used
   */
  public record Check(CouponRow coupon, Optional<CouponReason> reason, long discountFen) {}

  /** Looks at a code without taking anything; an order looks again. */
  public Check check(Sql sql, String code, long userId, CouponItem item, long listPriceFen) {
    Instant now = clock.instant();
    Optional<CouponRow> found = find(sql, normalised(code));
    if (found.isEmpty()) {
      return new Check(null, Optional.of(CouponReason.NOT_FOUND), 0);
    }
    CouponRow coupon = found.get();
    CouponRules.Payer payer =
        new CouponRules.Payer(
            userId,
            coupons.taken(sql, coupon.id(), userId),
            coupon.newUsersOnly() && coupons.paidBefore(sql, userId, coupon.creatorId()));
    Optional<CouponReason> reason = CouponRules.against(coupon, item, payer, listPriceFen, now);
    return new Check(
        reason.filter(CouponReason.NOT_FOUND::equals).isPresent() ? null : coupon,
        reason,
        reason.isPresent() ? 0 : coupon.discount().off(listPriceFen));
  }

  /** What no code looks like is not asked of the database. */
  private Optional<CouponRow> find(Sql sql, String code) {
    return CODE.matcher(code).matches() ? coupons.byCode(sql, code) : Optional.empty();
  }
}
