package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.SaleTruth.Line;
import com.sharestack.billing.SaleWorld.Request;
import com.sharestack.contract.Caller;
import com.sharestack.contract.PurchaseOpening;
import com.sharestack.contract.PurchasesOpenedRequest;
import com.sharestack.contract.SaleTerms;
import com.sharestack.platform.events.OutboxQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What happens next, and how everything comes to its end. */
final class SaleSteps {

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

  SaleSteps(SaleWorld world) {
    this.world = world;
    this.rails = new SaleRails(world);
    this.orders = new SaleOrders(world);
    this.staff = new SaleStaff(world);
    this.proration = new SaleProration(world);
  }

  void open() {
    staff.open();
  }

  void step() {
    int kind = world.random.nextInt(100);
    if (kind < 12) {
      remembered(subscribe());
    } else if (kind < 19) {
      remembered(buy());
    } else if (kind < 43) {
      rails.pay();
    } else if (kind < 50) {
      rails.deliverAny();
    } else if (kind < 56) {
      renew();
    } else if (kind < 62) {
      changePlan();
    } else if (kind < 67) {
      endOrResume();
    } else if (kind < 74) {
      refund();
    } else if (kind < 77) {
      staff.review();
    } else if (kind < 80) {
      aboutPayment();
    } else if (kind < 83) {
      atOnce();
    } else if (kind < 86) {
      again();
    } else if (kind < 92) {
      background();
    } else if (kind < 95) {
      time();
    } else if (kind < 97) {
      rails.fault();
    } else {
      rest();
    }
  }

  private void rest() {
    switch (world.random.nextInt(6)) {
      case 0 -> staff.editPlan();
      case 1 -> staff.editArticle();
      case 2 -> staff.coupon(world.oneIn(3) ? null : world.any(world.creators).userId());
      case 3 -> read();
      default ->
          world.node().lifeline.dieAt(1 + world.random.nextInt(60), world.random.nextBoolean());
    }
  }

  /** What was asked when the process died is asked again, or not. */
  private void remembered(Request request) {
    asked.add(request);
    if (asked.size() > REMEMBERED) {
      asked.removeFirst();
    }
    SaleNode before = world.node();
    world.ask(request);
    if (world.node() != before && world.random.nextBoolean()) {
      repeat(request);
    }
  }

  private void repeat(Request request) {
    Optional<String> known = knownFor(request);
    Optional<String> answer = world.ask(request);
    world.count("repeats");
    if (known.isPresent() && answer.isPresent()) {
      assertEquals(known, answer, () -> world.name + ": repeated " + request.what());
    }
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

  private Request subscribe() {
    return subscribe(world.any(world.readers));
  }

  private Request subscribe(Caller reader) {
    Line plan =
        world
            .anyLine(
                "SELECT plan_id, creator_id FROM plans WHERE deleted_at IS NULL ORDER BY plan_id")
            .orElseThrow();
    String code = code(plan.number("creator_id"));
    return orders.subscribe(reader, plan.number("plan_id"), world.rail(), code, orders.key());
  }

  private Request buy() {
    SaleTerms article = article();
    String code = code(article.authorId());
    return orders.buy(
        world.any(world.readers), article.articleId(), world.rail(), code, orders.key());
  }

  private SaleTerms article() {
    return world.articles.get(701L + world.random.nextInt(world.articles.size()));
  }

  /** None in most cases. */
  private String code(long creator) {
    return world.oneIn(3) ? staff.code(creator) : null;
  }

  private Optional<Line> subscription(String... states) {
    String in = java.util.Arrays.stream(states).collect(Collectors.joining("','", "'", "'"));
    return world.anyLine(SUBSCRIPTIONS.formatted(in));
  }

  private void renew() {
    subscription("active", "active", "cancelled", "past_due", "trialing")
        .ifPresent(
            found ->
                remembered(
                    orders.renew(
                        found, world.rail(), code(found.number("creator_id")), orders.key())));
  }

  private void changePlan() {
    subscription("active", "trialing")
        .ifPresent(
            found -> {
              Optional<Line> plan =
                  world.anyLine(
                      """
                      SELECT plan_id FROM plans WHERE creator_id = ? AND deleted_at IS NULL
                      ORDER BY plan_id
                      """,
                      found.number("creator_id"));
              long target = plan.orElseThrow().number("plan_id");
              boolean now = !world.oneIn(4);
              boolean prorate = !world.oneIn(5);
              proration.checked(
                  found, target, prorate, now, orders.change(found, target, now, prorate));
            });
  }

  private void endOrResume() {
    if (world.oneIn(3)) {
      subscription("cancelled").map(orders::resume).ifPresent(world::ask);
    } else {
      subscription("active", "trialing", "trialing", "pending_payment", "past_due")
          .map(orders::cancel)
          .ifPresent(world::ask);
    }
  }

  private void refund() {
    world
        .anyLine(
            """
            SELECT public_id, user_id, amount_fen FROM payments
            WHERE status IN ('completed', 'partial_refunded') AND late = 0
            ORDER BY payment_id DESC LIMIT 30
            """)
        .ifPresent(
            paid -> {
              long fen = paid.number("amount_fen");
              Long part = world.oneIn(3) ? 1 + (long) world.random.nextInt((int) fen) : null;
              remembered(orders.refund(paid, part, orders.key()));
            });
  }

  private void aboutPayment() {
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

  /** The same request twice, two of one reader, or many readers after the last place. */
  private void atOnce() {
    List<Request> all = new ArrayList<>();
    int kind = world.random.nextInt(3);
    Caller reader = world.any(world.readers);
    if (kind == 0) {
      Request one = world.random.nextBoolean() ? subscribe() : buy();
      all.addAll(List.of(one, one, one));
    } else if (kind == 1) {
      for (int i = 0; i < 3; i++) {
        all.add(subscribe(reader));
      }
    } else {
      SaleTerms article = article();
      String code = staff.code(article.authorId());
      for (int i = 0; i < 6; i++) {
        Caller other = world.any(world.readers);
        all.add(orders.buy(other, article.articleId(), world.rail(), code, orders.key()));
      }
    }
    world.count("at once");
    List<Optional<String>> answers = world.askAtOnce(all);
    if (kind == 0 && all.getFirst().key() != null) {
      Set<String> made = answers.stream().flatMap(Optional::stream).collect(Collectors.toSet());
      assertEquals(true, made.size() <= 1, () -> world.name + ": one key made " + made);
    }
  }

  private void again() {
    if (!asked.isEmpty()) {
      repeat(world.any(asked));
    }
  }

  private void read() {
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

  private void background() {
    SaleNode at = world.node();
    world.run("background", world.any(at.jobs()));
  }

  private void time() {
    int kind = world.random.nextInt(20);
    world.advance(
        kind < 11
            ? Duration.ofSeconds(world.random.nextInt(1_200))
            : kind < 15
                ? Duration.ofHours(1 + world.random.nextInt(30))
                : kind < 19
                    ? Duration.ofDays(1 + world.random.nextInt(12))
                    : Duration.ofDays(20 + world.random.nextInt(50)));
    rails.refundLetters();
    if (kind >= 11) {
      world.run("lifecycle", world.node()::lifecycle);
    }
  }

  /** The rails are well, another process takes over, all waiting ends, everything is told. */
  void runOut() {
    rails.well();
    world.restart();
    rails.tellAll();
    for (int round = 0; round < 10; round++) {
      world.advance(Duration.ofHours(round < 7 ? 4 : 13));
      rails.refundLetters();
      staff.reviewAll();
      for (int times = 0; times < 2; times++) {
        world.node().jobs().forEach(Runnable::run);
        world.advance(Duration.ofMinutes(11));
      }
    }
    drainOutbox();
  }

  /** As the relay does; that consumers take each event once is the inbox's promise. */
  private void drainOutbox() {
    SaleNode at = world.node();
    at.node.await(
        () -> {
          OutboxQueue queue = new OutboxQueue(at.node.db(), world.rails.clock, "history");
          for (var batch = queue.claim(100); !batch.isEmpty(); batch = queue.claim(100)) {
            batch.forEach(event -> queue.published(event.id()));
          }
          return null;
        });
  }
}
