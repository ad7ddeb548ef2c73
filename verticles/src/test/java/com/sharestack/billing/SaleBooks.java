package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.SaleTruth.Line;
import com.sharestack.billing.ledger.LedgerVerifier;
import com.sharestack.billing.ledger.TrialBalanceRepository;
import com.sharestack.contract.PassesQuery;
import com.sharestack.contract.PurchasesPassesRequest;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.service.Callers;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The journal against payments and refunds, reckoned here a second time; the rails against both.
 */
final class SaleBooks {

  private final SaleWorld world;

  SaleBooks(SaleWorld world) {
    this.world = world;
  }

  void always() {
    assertEquals(
        List.of(),
        world.surely(
            at -> at.node.await(() -> new TrialBalanceRepository().differences(at.node.db()))),
        () -> world.name + ": stored balances against lines");
    SaleChecks.none(
        world,
        "journals that do not balance",
        """
        SELECT journal_id, SUM(CASE direction WHEN 'D' THEN amount_fen ELSE -amount_fen END) AS rest
        FROM ledger_lines GROUP BY journal_id HAVING rest <> 0
        """);
  }

  void afterwards() {
    chain();
    assertEquals(0, balance("refund_payable"), () -> world.name + ": refunds nobody got");
    assertEquals(0, balance("suspense"), () -> world.name + ": money of nobody");
    sales();
    rails();
  }

  /** Re-added and re-hashed without the application. */
  private void chain() {
    try (Connection connection =
        Endpoints.ofMysqlUrl(world.environment.get("SHARESTACK_MYSQL_URL"), null).connect()) {
      assertEquals(List.of(), LedgerVerifier.verify(connection, List.of()).findings(), world.name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private long balance(String code) {
    return world.truth.number(
        "SELECT CAST(COALESCE(SUM(balance_fen), 0) AS SIGNED) FROM ledger_accounts WHERE code = ?",
        code);
  }

  /** What creators, platform and marketing hold of what was kept, by the formulas. */
  private void sales() {
    Map<Long, Long> creators = new HashMap<>();
    long platform = 0;
    long marketing = 0;
    long fees = 0;
    for (Line sold :
        world.truth.lines(
            """
            SELECT payment_id, creator_id, amount_fen, platform_discount_fen FROM payments
            WHERE late = 0 AND status IN ('completed', 'partial_refunded', 'refunded')
            """)) {
      Kept kept = kept(sold);
      creators.merge(sold.number("creator_id"), kept.creatorFen(), Long::sum);
      platform += kept.platformFen();
      marketing += kept.discountFen();
      fees += halfUp(sold.number("amount_fen"), 6, 1_000);
    }
    for (Line granted :
        world.truth.lines(
            """
            SELECT creator_id, platform_discount_fen FROM earning_lines
            WHERE kind = 'sale' AND payment_id IS NULL AND paid_fen = 0
            """)) {
      long base = granted.number("platform_discount_fen");
      long fee = halfUp(base, 1, 10);
      creators.merge(granted.number("creator_id"), base - fee, Long::sum);
      platform += fee;
      marketing += base;
    }
    assertEquals(platform, balance("platform_fee_income"), () -> world.name + ": the platform's");
    assertEquals(marketing, balance("marketing_expense"), () -> world.name + ": discounts");
    assertEquals(fees, balance("channel_fee_expense"), () -> world.name + ": fees");
    creators.forEach(this::requireCreator);
  }

  private void requireCreator(long creator, long keptFen) {
    assertEquals(
        keptFen,
        world.truth.number(
            """
            SELECT CAST(COALESCE(SUM(balance_fen), 0) AS SIGNED) FROM ledger_accounts
            WHERE code = 'creator_pending' AND creator_id = ?
            """,
            creator),
        () -> world.name + ": creator " + creator);
    assertEquals(
        keptFen,
        world.truth.number(
            """
            SELECT CAST(COALESCE(SUM(creator_share_fen), 0) AS SIGNED) FROM earning_lines
            WHERE creator_id = ? AND status <> 'failed' AND (kind <> 'sale' OR status = 'completed')
            """,
            creator),
        () -> world.name + ": earning lines of creator " + creator);
  }

  private record Kept(long creatorFen, long platformFen, long discountFen) {}

  /** money_formulas: shares of the sale less the cumulative splits of its refunds. */
  private Kept kept(Line sold) {
    long paid = sold.number("amount_fen");
    long discount = sold.number("platform_discount_fen");
    long fee = halfUp(paid + discount, 1, 10);
    long share = paid + discount - fee;
    long back = 0;
    long discountBack = 0;
    long feeBack = 0;
    long shareBack = 0;
    for (Line refund :
        world.truth.lines(
            """
            SELECT amount_fen FROM refunds WHERE payment_id = ? AND kind = 'sale'
              AND status = 'success' ORDER BY COALESCE(decided_at, created_at), refund_id
            """,
            sold.number("payment_id"))) {
      long fen = refund.number("amount_fen");
      back += fen;
      long ofDiscount = halfUp(discount, back, paid) - discountBack;
      long ofFee = Math.min(fen + ofDiscount, halfUp(fee, back, paid) - feeBack);
      discountBack += ofDiscount;
      feeBack += ofFee;
      shareBack += fen + ofDiscount - ofFee;
    }
    return new Kept(share - shareBack, fee - feeBack, discount - discountBack);
  }

  private static long halfUp(long fen, long times, long of) {
    return BigDecimal.valueOf(fen)
        .multiply(BigDecimal.valueOf(times))
        .divide(BigDecimal.valueOf(of), 0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  /** The rails hold for us what our rows say, order by order and in all. */
  private void rails() {
    long all = 0;
    for (Line order :
        world.truth.lines(
            """
            SELECT p.payment_method, p.out_trade_no, p.public_id, p.status,
              (SELECT CAST(COALESCE(SUM(COALESCE(d.received_fen, d.amount_fen) - d.refunded_fen), 0) AS SIGNED)
               FROM payments d WHERE d.transaction_id IS NOT NULL
                 AND (d.payment_id = p.payment_id OR d.duplicate_of = p.payment_id)) AS here
            FROM payments p WHERE p.duplicate_of IS NULL
            """)) {
      long here = order.number("here");
      all += here;
      assertEquals(there(order), here, () -> world.name + ": rail against rows of " + order);
    }
    assertEquals(
        all,
        balance("channel_receivable") + balance("channel_fee_expense"),
        () -> world.name + ": what the channels owe");
  }

  private long there(Line order) {
    var answer =
        world.rails.get(
            "/control/payments/%s?rail=%s"
                .formatted(order.text("out_trade_no"), order.text("payment_method")));
    if (answer.statusCode() != 200) {
      return 0;
    }
    JsonObject told = new JsonObject(answer.body());
    return told.getLong("received_fen") - told.getLong("refunded_fen");
  }

  /** What the access engine is told of a reader and an article. */
  boolean passes(long reader, long article) {
    Instant now = world.now();
    return world
        .node()
        .await(
            world
                .node()
                .purchases
                .passes(
                    Callers.system("history"),
                    new PurchasesPassesRequest(new PassesQuery(reader, List.of(article)))))
        .items()
        .stream()
        .anyMatch(pass -> pass.expiresAt() == null || pass.expiresAt().isAfter(now));
  }
}
