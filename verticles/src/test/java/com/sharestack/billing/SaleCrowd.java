package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.SaleTruth.Line;
import com.sharestack.billing.SaleWorld.Request;
import com.sharestack.contract.Caller;
import com.sharestack.contract.SaleTerms;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What readers do at the same time. */
final class SaleCrowd {

  private final SaleWorld world;
  private final SaleBuyers buyers;
  private final SaleOrders orders;
  private final SaleStaff staff;

  SaleCrowd(SaleWorld world, SaleBuyers buyers, SaleOrders orders, SaleStaff staff) {
    this.world = world;
    this.buyers = buyers;
    this.orders = orders;
    this.staff = staff;
  }

  /** The same request more than once, several of one reader, or many readers for one place. */
  void atOnce() {
    List<Request> all =
        switch (world.random.nextInt(5)) {
          case 0 ->
              Collections.nCopies(
                  3, world.random.nextBoolean() ? buyers.subscribe() : buyers.buy());
          case 1 -> {
            Caller reader = world.any(world.readers);
            yield List.of(
                buyers.subscribe(reader), buyers.subscribe(reader), buyers.subscribe(reader));
          }
          case 2 -> lastPlace();
          case 3 ->
              buyers.subscription("active", "trialing").map(this::everything).orElse(List.of());
          default -> refunds();
        };
    if (all.isEmpty()) {
      return;
    }
    world.count("at once");
    List<Optional<String>> answers = world.askAtOnce(all);
    if (all.getFirst().key() != null && all.getFirst() == all.getLast()) {
      Set<String> made = answers.stream().flatMap(Optional::stream).collect(Collectors.toSet());
      assertTrue(made.size() <= 1, () -> world.name + ": one key made " + made);
    }
  }

  private List<Request> lastPlace() {
    SaleTerms article = buyers.article();
    String code = staff.code(article.authorId());
    List<Request> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Caller reader = world.any(world.readers);
      all.add(orders.buy(reader, article.articleId(), world.rail(), code, orders.key()));
    }
    return all;
  }

  /** All that its holder can do with a subscription. */
  private List<Request> everything(Line held) {
    long plan = buyers.plan(held.number("creator_id"));
    return List.of(
        orders.renew(held, "wechat", null, orders.key()),
        orders.change(held, plan, true, true),
        orders.renew(held, "alipay", buyers.code(held.number("creator_id")), orders.key()),
        orders.cancel(held));
  }

  /** Of one payment, and the end of what it paid. */
  private List<Request> refunds() {
    List<Request> all = new ArrayList<>();
    buyers
        .refundable()
        .ifPresent(
            paid -> {
              all.add(orders.refund(paid, null, orders.key()));
              all.add(orders.refund(paid, 1L, orders.key()));
              world
                  .anyLine(
                      "SELECT public_id, user_id FROM subscriptions WHERE public_id = ?",
                      paid.text("order_id"))
                  .map(orders::cancel)
                  .ifPresent(all::add);
            });
    return all;
  }
}
