package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.SaleTruth.Line;
import com.sharestack.billing.SaleWorld.Request;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PurchaseOpening;
import com.sharestack.contract.PurchasesOpenedRequest;
import com.sharestack.contract.SaleTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What readers do, one after the other. */
final class SaleBuyers {

  private static final int REMEMBERED = 30;
  private static final String SUBSCRIPTIONS =
      """
      SELECT public_id, user_id, creator_id, plan_id, status FROM subscriptions
      WHERE status IN (%s) ORDER BY subscription_id DESC LIMIT 30
      """;

  private final SaleWorld world;
  private final SaleRails rails;
  private final SaleOrders orders;
  private final SaleStaff staff;
  private final SaleProration proration;
  private final List<Request> asked = new ArrayList<>();

  SaleBuyers(SaleWorld world, SaleRails rails, SaleOrders orders, SaleStaff staff) {
    this.world = world;
    this.rails = rails;
    this.orders = orders;
    this.staff = staff;
    this.proration = new SaleProration(world);
  }

  /** Asked for, and often paid at once. */
  void ordered(Request request) {
    Optional<String> made = remembered(request);
    if (made.isPresent() && world.random.nextInt(10) < 4) {
      rails.payFor(made.get());
    }
  }

  /** What was asked when the process died is asked again, or not. */
  private Optional<String> remembered(Request request) {
    asked.add(request);
    if (asked.size() > REMEMBERED) {
      asked.removeFirst();
    }
    SaleNode before = world.node();
    Optional<String> answer = world.ask(request);
    return world.node() != before && world.random.nextBoolean() ? repeat(request) : answer;
  }

  private Optional<String> repeat(Request request) {
    Optional<String> known = knownFor(request);
    Optional<String> answer = world.ask(request);
    world.count("repeats");
    if (known.isPresent() && answer.isPresent()) {
      assertEquals(known, answer, () -> world.name + ": repeated " + request.what());
    }
    return answer;
  }

  /**
   * What the rows say that the key made: the order; of renewals and payments.create the payment.
   */
  private Optional<String> knownFor(Request request) {
    if (request.key() == null) {
      return Optional.empty();
    }
    boolean ofPayment = request.what().matches("(payments.create|subscriptions.renew) .*");
    String column = ofPayment ? "public_id" : "order_id";
    return world
        .truth
        .lines(
            """
            SELECT %1$s AS id FROM payments WHERE user_id = ? AND idempotency_key = ?
            UNION SELECT public_id FROM subscriptions WHERE user_id = ? AND idempotency_key = ?
            UNION SELECT public_id FROM purchases WHERE user_id = ? AND idempotency_key = ?
            UNION SELECT public_id FROM refunds WHERE user_id = ? AND idempotency_key = ?
            """
                .formatted(column),
            request.caller().userId(),
            request.key(),
            request.caller().userId(),
            request.key(),
            request.caller().userId(),
            request.key(),
            request.caller().userId(),
            request.key())
        .stream()
        .map(line -> line.text("id"))
        .findFirst();
  }

  Request subscribe() {
    return subscribe(world.any(world.readers));
  }

  Request subscribe(Caller reader) {
    Line plan =
        world
            .anyLine(
                "SELECT plan_id, creator_id FROM plans WHERE deleted_at IS NULL ORDER BY plan_id")
            .orElseThrow();
    String code = code(plan.number("creator_id"));
    return orders.subscribe(reader, plan.number("plan_id"), world.rail(), code, orders.key());
  }

  Request buy() {
    SaleTerms article = article();
    String code = code(article.authorId());
    return orders.buy(
        world.any(world.readers), article.articleId(), world.rail(), code, orders.key());
  }

  SaleTerms article() {
    return world.articles.get(701L + world.random.nextInt(world.articles.size()));
  }

  /** None in most cases. */
  String code(long creator) {
    return world.oneIn(3) ? staff.code(creator) : null;
  }

  Optional<Line> subscription(String... states) {
    String in = Arrays.stream(states).collect(Collectors.joining("','", "'", "'"));
    return world.anyLine(SUBSCRIPTIONS.formatted(in));
  }

  /** Of what may be renewed now, in most cases. */
  void renew() {
    Optional<Line> due =
        world.anyLine(
            """
            SELECT public_id, user_id, creator_id, plan_id, status FROM subscriptions
            WHERE status IN ('active', 'cancelled', 'past_due') AND current_period_end < ?
            ORDER BY subscription_id DESC LIMIT 30
            """,
            world.now().plus(Duration.ofDays(30)));
    due.or(() -> subscription("active", "trialing"))
        .ifPresent(
            found ->
                ordered(
                    orders.renew(
                        found, world.rail(), code(found.number("creator_id")), orders.key())));
  }

  void changePlan() {
    subscription("active", "trialing")
        .ifPresent(
            found -> {
              long target = plan(found.number("creator_id"));
              boolean now = !world.oneIn(4);
              boolean prorate = !world.oneIn(5);
              proration
                  .checked(found, target, prorate, now, orders.change(found, target, now, prorate))
                  .filter(made -> world.oneIn(2))
                  .ifPresent(rails::payFor);
            });
  }

  long plan(long creator) {
    return world
        .anyLine(
            """
            SELECT plan_id FROM plans WHERE creator_id = ? AND deleted_at IS NULL ORDER BY plan_id
            """,
            creator)
        .orElseThrow()
        .number("plan_id");
  }

  void endOrResume() {
    if (world.oneIn(3)) {
      subscription("cancelled").map(orders::resume).ifPresent(world::ask);
    } else {
      subscription("active", "trialing", "trialing", "pending_payment", "past_due")
          .map(orders::cancel)
          .ifPresent(world::ask);
    }
  }

  void refund() {
    refundable()
        .ifPresent(
            paid -> {
              long fen = paid.number("amount_fen");
              Long part = world.oneIn(3) ? 1 + (long) world.random.nextInt((int) fen) : null;
              remembered(orders.refund(paid, part, orders.key()));
            });
  }

  Optional<Line> refundable() {
    return world.anyLine(
        """
        SELECT public_id, user_id, order_id, amount_fen FROM payments
        WHERE status IN ('completed', 'partial_refunded') AND late = 0
        ORDER BY payment_id DESC LIMIT 30
        """);
  }

  void aboutPayment() {
    Optional<Line> payment =
        world.anyLine(
            """
            SELECT public_id, user_id, order_id, amount_fen FROM payments
            WHERE duplicate_of IS NULL AND status IN ('pending', 'processing', 'expired', 'failed')
            ORDER BY payment_id DESC LIMIT 20
            """);
    int kind = world.random.nextInt(4);
    payment
        .map(
            found ->
                switch (kind) {
                  case 0 -> orders.close(found);
                  case 1 -> orders.look(found, world.random.nextBoolean());
                  default -> orders.pay(found, world.rail());
                })
        .ifPresent(this::remembered);
  }

  void again() {
    if (!asked.isEmpty()) {
      repeat(world.any(asked));
    }
  }

  void read() {
    world
        .anyLine("SELECT user_id, article_id FROM purchases WHERE status = 'active'")
        .ifPresent(
            bought -> {
              Caller reader = orders.reader(bought.number("user_id"));
              PurchaseOpening opening =
                  new PurchaseOpening(reader.userId(), bought.number("article_id"));
              world.ask(
                  new Request(
                      "purchases.opened",
                      reader,
                      null,
                      node ->
                          node.purchases
                              .opened(reader, new PurchasesOpenedRequest(opening))
                              .map(opened -> String.valueOf(opened.open()))));
            });
  }
}
