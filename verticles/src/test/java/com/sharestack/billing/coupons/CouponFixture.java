package com.sharestack.billing.coupons;

import com.sharestack.contract.CouponDiscountType;
import com.sharestack.platform.db.Tx;
import com.sharestack.testing.TestNode;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Coupons on a database of their own. */
final class CouponFixture implements AutoCloseable {

  static final Instant AT = Instant.parse("2026-11-23T08:00:00Z");
  static final long CREATOR = 7;
  static final CouponItem PLAN = CouponItem.plan(71, CREATOR);

  final TestNode node;
  final Coupons coupons;

  CouponFixture(String name) {
    node = TestNode.of(name).start();
    node.clock().set(AT);
    coupons = new Coupons(node.clock());
  }

  /** Ten yuan off everything of the creator, for a week from now. */
  static Terms tenOff(String code) {
    return new Terms(code);
  }

  /** Terms of a coupon; what a test does not name is harmless. */
  static final class Terms {
    final String code;
    Long creatorId = CREATOR;
    CouponDiscountType type = CouponDiscountType.FIXED_AMOUNT;
    long value = 1000;
    Long maxFen;
    Long minFen;
    List<Long> planIds = List.of();
    List<Long> articleIds = List.of();
    boolean newUsersOnly;
    boolean forRenewal;
    int cycles = 1;
    Integer quota;
    int perUser = 1;
    Long budgetFen;
    Instant startsAt = AT;
    Instant expiresAt = AT.plus(Duration.ofDays(7));
    boolean draft;

    Terms(String code) {
      this.code = code;
    }

    Terms platform(Long budget) {
      creatorId = null;
      budgetFen = budget;
      return this;
    }

    Terms type(CouponDiscountType wanted, long amount) {
      type = wanted;
      value = amount;
      return this;
    }

    Terms quota(int places) {
      quota = places;
      return this;
    }

    Terms perUser(int places) {
      perUser = places;
      return this;
    }

    Terms cycles(int charges) {
      cycles = charges;
      return this;
    }

    Terms newUsersOnly() {
      newUsersOnly = true;
      return this;
    }

    NewCoupon build() {
      return new NewCoupon(
          creatorId,
          "测试券",
          code,
          type,
          value,
          maxFen,
          minFen,
          planIds,
          articleIds,
          newUsersOnly,
          forRenewal,
          cycles,
          quota,
          perUser,
          budgetFen,
          false,
          startsAt,
          expiresAt,
          draft);
    }
  }

  long store(Terms terms) {
    return tx(tx -> new CouponTermsRepository().insert(tx, terms.build(), CREATOR, null, null, AT));
  }

  <T> T tx(Function<Tx, T> work) {
    return node.await(() -> node.db().tx(work));
  }

  /** One order of a plan at 29.90. */
  Reservation reserve(String code, long userId, String order) {
    return tx(tx -> coupons.reserve(tx, code, userId, order, PLAN, 2990));
  }

  boolean use(String order) {
    return tx(tx -> coupons.use(tx, order));
  }

  boolean release(String order) {
    return tx(tx -> coupons.release(tx, order));
  }

  boolean refunded(String order, boolean bySystem) {
    return tx(tx -> coupons.refunded(tx, order, bySystem));
  }

  /** "ok", or the code and details.reason of the failure. */
  static String outcome(Callable<?> call) {
    try {
      call.call();
      return "ok";
    } catch (ServiceException failure) {
      return failure.getMessage() + " " + failure.getDebugInfo().getString("reason");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Counters as stored: reserved, used, reserved fen, spent fen. */
  String counters(long couponId) {
    return node.await(
        () ->
            node.db()
                .row(
                    """
                    SELECT CONCAT_WS(' ', reserved_count, used_count, reserved_fen, spent_fen) AS text
                    FROM coupons WHERE coupon_id = ?
                    """,
                    couponId)
                .orElseThrow()
                .getString("text"));
  }

  long number(String sql, Object... args) {
    return node.await(() -> node.db().row(sql, args).orElseThrow().getLong("n"));
  }

  long taken(long couponId, long userId) {
    return number(
        "SELECT COALESCE(SUM(taken), 0) AS n FROM coupon_users WHERE coupon_id = ? AND user_id = ?",
        couponId,
        userId);
  }

  /** Runs all at once and hands back what each answered. */
  static <T> List<T> inParallel(List<Callable<T>> calls) {
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      List<T> answers = new ArrayList<>();
      for (Future<T> answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
