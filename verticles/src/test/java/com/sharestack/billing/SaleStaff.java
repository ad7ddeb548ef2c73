package com.sharestack.billing;

import com.sharestack.billing.SaleTruth.Line;
import com.sharestack.billing.SaleWorld.Request;
import com.sharestack.contract.AdminFinanceRefundsReviewRequest;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PlanUpdate;
import com.sharestack.contract.PlansCreateRequest;
import com.sharestack.contract.PlansDeleteRequest;
import com.sharestack.contract.PlansUpdateRequest;
import com.sharestack.contract.RefundReview;
import com.sharestack.contract.SaleTerms;
import com.sharestack.contract.wire.Patch;
import com.sharestack.platform.money.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What sellers and staff do while others buy: plans, coupons, articles, decisions on refunds. */
final class SaleStaff {

  private static final BillingCycle[] CYCLES = {
    BillingCycle.MONTHLY, BillingCycle.MONTHLY, BillingCycle.QUARTERLY, BillingCycle.YEARLY
  };

  private final SaleWorld world;
  private final List<Code> codes = new ArrayList<>();
  private int plans;

  /**
   * @param creator null: the platform's
   */
  private record Code(String text, Long creator) {}

  SaleStaff(SaleWorld world) {
    this.world = world;
  }

  void open() {
    for (Caller creator : world.creators) {
      plan(creator, 0, BillingCycle.MONTHLY, 0);
      plan(creator, 2_990, BillingCycle.MONTHLY, 7);
      plan(creator, 9_901, BillingCycle.MONTHLY, 0);
      plan(creator, 7_993, BillingCycle.QUARTERLY, 14);
      plan(creator, 29_907, BillingCycle.YEARLY, 0);
      plan(creator, 59_900, BillingCycle.LIFETIME, 0);
      coupon(creator.userId());
      coupon(creator.userId());
    }
    coupon(null);
    coupon(null);
  }

  private void plan(Caller creator, long fen, BillingCycle cycle, int trialDays) {
    PlansCreateRequest request =
        new PlansCreateRequest(
            BillingNode.draft("方案 " + ++plans, Money.ofFen(fen).toPlainString())
                .billingCycle(cycle)
                .trialDays(trialDays)
                .features(List.of())
                .isActive(true)
                .build());
    world.ask(
        new Request(
            "plans.create",
            creator,
            null,
            node ->
                node.plans.create(creator, request).map(made -> String.valueOf(made.plan().id()))));
  }

  /** A few places, for anything sold or for renewals too; half, some yuan, days, or all of it. */
  void coupon(Long creator) {
    String code = "SALE-%d".formatted(1_000 + codes.size());
    String[] kinds = {"percentage 50", "fixed_amount 500", "percentage 100", "trial_days 10"};
    String[] kind = world.any(List.of(kinds)).split(" ");
    boolean trial = kind[0].equals("trial_days");
    long id =
        world.truth.insert(
            """
            INSERT INTO coupons (scope, creator_id, name, discount_type, discount_value, plan_ids,
              article_ids, for_renewal, applies_to_cycles, total_quantity, per_user_limit, starts_at,
              expires_at, status, created_by, created_at, updated_at)
            VALUES (?, ?, '优惠', ?, ?, '[]', ?, ?, ?, ?, ?, ?, ?, 'active', 1, ?, ?)
            """,
            creator == null ? "platform" : "creator",
            creator,
            kind[0],
            Long.valueOf(kind[1]),
            trial ? null : "[]",
            trial ? 0 : 1,
            trial ? 1 : 1 + world.random.nextInt(3),
            1 + world.random.nextInt(5),
            1 + world.random.nextInt(2),
            world.now().minusSeconds(60),
            world.now().plus(Duration.ofDays(400)),
            world.now(),
            world.now());
    world.truth.insert(
        "INSERT INTO coupon_codes (code, coupon_id, created_at) VALUES (?, ?, ?)",
        code,
        id,
        world.now());
    codes.add(new Code(code, creator));
  }

  /** One of the newest codes that the creator's buyers may know; some of them are used up. */
  String code(long creator) {
    List<Code> known =
        codes.stream().filter(code -> code.creator() == null || code.creator() == creator).toList();
    return known.get(known.size() - 1 - world.random.nextInt(Math.min(6, known.size()))).text();
  }

  /** A plan changes its price, goes on or off sale, is deleted, or there is another one. */
  void editPlan() {
    Caller creator = world.any(world.creators);
    List<Line> mine =
        world.truth.lines(
            """
            SELECT plan_id, price_fen, is_active FROM plans
            WHERE creator_id = ? AND deleted_at IS NULL AND price_fen > 0 ORDER BY plan_id
            """,
            creator.userId());
    int kind = world.random.nextInt(10);
    if (kind < 3 || mine.size() < 4) {
      long fen = 1_000 + world.random.nextInt(20_000);
      plan(creator, fen, CYCLES[world.random.nextInt(CYCLES.length)], world.any(List.of(0, 0, 7)));
      return;
    }
    Line plan = world.any(mine);
    if (kind < 6) {
      long fen = Math.max(100, plan.number("price_fen") + world.random.nextInt(2_001) - 1_000);
      update(creator, plan, PlanUpdate.builder().price(Patch.of(Money.ofFen(fen))));
    } else if (kind < 9) {
      update(creator, plan, PlanUpdate.builder().isActive(Patch.of(plan.number("is_active") == 0)));
    } else {
      long id = plan.number("plan_id");
      world.ask(
          new Request(
              "plans.delete " + id,
              creator,
              null,
              node -> node.plans.delete(creator, new PlansDeleteRequest(id)).map("deleted")));
    }
  }

  private void update(Caller creator, Line plan, PlanUpdate.Builder change) {
    long id = plan.number("plan_id");
    PlansUpdateRequest request = new PlansUpdateRequest(id, change.build());
    world.ask(
        new Request(
            "plans.update " + id,
            creator,
            null,
            node -> node.plans.update(creator, request).map("updated")));
  }

  /** An article goes off sale, which ends its open orders, or comes back at another price. */
  void editArticle() {
    SaleTerms terms = world.articles.get(701L + world.random.nextInt(world.articles.size()));
    boolean off = terms.forSale() && world.oneIn(2);
    long fen = 300 + world.random.nextInt(3_000);
    world.offer(terms.articleId(), fen, terms.accessDays(), !off);
    if (off) {
      world.run(
          "content.status.changed",
          () ->
              world
                  .node()
                  .node
                  .await(
                      () ->
                          world
                              .node()
                              .node
                              .db()
                              .tx(
                                  tx -> {
                                    world
                                        .node()
                                        .worker
                                        .purchases()
                                        .withdrawn(tx, terms.articleId());
                                    return null;
                                  })));
    }
  }

  /**
   * A subscription that shall be charged by itself, as agreements will have it; while nothing
   * charges it falls due, gets its grace, and ends.
   */
  void renewByItself() {
    world.truth.insert(
        """
        UPDATE subscriptions SET auto_renew = 1
        WHERE status = 'active' AND current_period_end IS NOT NULL ORDER BY subscription_id DESC LIMIT 3
        """);
  }

  /** Decides one of the refunds that wait, or has a failed one tried again. */
  void review() {
    world
        .anyLine(
            """
            SELECT public_id, status, amount_fen FROM refunds WHERE status IN ('pending', 'failed')
            ORDER BY refund_id
            """)
        .ifPresent(refund -> review(refund, world.random.nextInt(10)));
  }

  /** So that nothing waits for a decision any more. */
  void reviewAll() {
    for (Line refund :
        world.truth.lines(
            "SELECT public_id, status, amount_fen FROM refunds WHERE status IN ('pending',"
                + " 'failed')")) {
      review(refund, world.random.nextInt(10));
    }
  }

  private void review(Line refund, int mood) {
    String id = refund.text("public_id");
    long fen = refund.number("amount_fen");
    RefundReview decision;
    if ("failed".equals(refund.text("status"))) {
      decision = new RefundReview("retry", null, null);
    } else if (mood < 4) {
      decision = new RefundReview("reject", null, "不符合退款规则");
    } else if (mood < 6 && fen > 1) {
      long less = 1 + world.random.nextInt((int) fen - 1);
      decision = new RefundReview("approve", Money.ofFen(less), null);
    } else {
      decision = new RefundReview("approve", null, null);
    }
    world.ask(
        new Request(
            "admin.finance.refunds_review " + decision.decision(),
            world.staff,
            null,
            node ->
                node.staff
                    .refundsReview(world.staff, new AdminFinanceRefundsReviewRequest(id, decision))
                    .map(done -> id)));
  }
}
