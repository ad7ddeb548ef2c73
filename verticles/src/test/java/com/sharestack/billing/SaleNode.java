package com.sharestack.billing;

import com.sharestack.contract.AccessDecideRequest;
import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.AccessReason;
import com.sharestack.contract.AccessService;
import com.sharestack.contract.AdminFinanceService;
import com.sharestack.contract.ArticlesSaleTermsRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.PaymentsService;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.PurchasesService;
import com.sharestack.contract.RefundsService;
import com.sharestack.contract.SaleTerms;
import com.sharestack.contract.SaleTermsList;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserCards;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.contract.WebhooksService;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.testing.Lifeline;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import io.vertx.core.Future;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One incarnation of a process that hosts the billing domain and works in its background. It
 * reaches database and rails over a lifeline; once that is cut, another incarnation takes over.
 */
final class SaleNode {

  final Lifeline lifeline = new Lifeline();
  final TestNode node;
  final PlansService plans;
  final SubscriptionsService subscriptions;
  final PurchasesService purchases;
  final PaymentsService payments;
  final RefundsService refunds;
  final WebhooksService webhooks;
  final AdminFinanceService staff;
  final BillingAssembly worker;
  final SubscriptionLifecycle lifecycle;

  /**
   * @param environment with the real address of the database
   * @param people by id
   * @param articles by id
   */
  SaleNode(
      Map<String, String> environment,
      TestRails rails,
      Map<Long, UserCard> people,
      Map<Long, SaleTerms> articles) {
    Map<String, String> own = new HashMap<>(environment);
    Endpoints database = Endpoints.ofMysqlUrl(environment.get("SHARESTACK_MYSQL_URL"), null);
    int port = URI.create(environment.get("SHARESTACK_MYSQL_URL")).getPort();
    own.put(
        "SHARESTACK_MYSQL_URL",
        database.mysqlUrl().replace(":" + port + "/", ":" + lifeline.to(port) + "/"));
    String origin = rails.origin();
    String line = "http://127.0.0.1:" + lifeline.to(URI.create(origin).getPort());
    own.replaceAll(
        (key, value) -> key.startsWith("SHARESTACK_RAILS_") ? value.replace(origin, line) : value);
    node = TestNode.on(own, rails.clock).with("billing", BillingVerticle::new);
    node.fake(
        UsersService.class,
        BillingNode.only(
            UsersService.class, "cards", args -> cards(people, (UsersCardsRequest) args[1])));
    node.fake(
        AccessService.class,
        BillingNode.only(
            AccessService.class,
            "decide",
            args -> decide(articles, (AccessDecideRequest) args[1])));
    node.fake(
        ArticlesService.class,
        BillingNode.only(
            ArticlesService.class,
            "saleTerms",
            args -> terms(articles, (ArticlesSaleTermsRequest) args[1])));
    node.start();
    plans = node.client(PlansService.class);
    subscriptions = node.client(SubscriptionsService.class);
    purchases = node.client(PurchasesService.class);
    payments = node.client(PaymentsService.class);
    refunds = node.client(RefundsService.class);
    webhooks = node.client(WebhooksService.class);
    staff = node.client(AdminFinanceService.class);
    worker = node.await(() -> new BillingAssembly(node.vertx(), node.platform()));
    lifecycle = new SubscriptionLifecycle(worker.subscriptions(), worker.payments());
  }

  private static Future<?> cards(Map<Long, UserCard> people, UsersCardsRequest asked) {
    return Future.succeededFuture(
        new UserCards(
            asked.body().ids().stream().filter(people::containsKey).map(people::get).toList()));
  }

  private static Future<?> terms(Map<Long, SaleTerms> articles, ArticlesSaleTermsRequest asked) {
    return Future.succeededFuture(
        new SaleTermsList(
            asked.body().ids().stream().filter(articles::containsKey).map(articles::get).toList()));
  }

  /** Nothing is open but by purchase, and of those the order looks itself. */
  private static Future<?> decide(Map<Long, SaleTerms> articles, AccessDecideRequest asked) {
    SaleTerms known = articles.get(asked.body().articleId());
    return Future.succeededFuture(
        AccessDecision.builder()
            .found(true)
            .creatorId(known.authorId())
            .access(new AccessInfo(false, null, AccessReason.PURCHASE_REQUIRED, null))
            .build());
  }

  boolean dead() {
    return lifeline.dead();
  }

  /** Waits for an answer, wherever the test stands. */
  <T> T await(Future<T> answer) {
    return node.await(answer::await);
  }

  /** Everything it still remembers is gone with it; its end need not be waited for. */
  Thread bury() {
    lifeline.die();
    return Thread.ofVirtual().start(node::close);
  }

  List<Runnable> jobs() {
    return List.of(this::notices, this::checks, this::refundRuns, this::lifecycle, this::ends);
  }

  /** What time does to orders and subscriptions. */
  Void tick() {
    lifecycle();
    ends();
    return null;
  }

  void notices() {
    work(() -> worker.payments().notices().run());
  }

  void checks() {
    work(
        () ->
            worker
                .payments()
                .checks()
                .run(
                    check -> {
                      check.run();
                      return Future.succeededFuture();
                    }));
  }

  void refundRuns() {
    work(() -> worker.payments().refundRuns().run());
  }

  void lifecycle() {
    work(lifecycle::run);
  }

  void ends() {
    work(() -> worker.purchases().ends().run());
  }

  /** Round after round, as long as a whole batch came back. */
  private void work(java.util.concurrent.Callable<Boolean> round) {
    int rounds = 0;
    while (rounds++ < 100 && node.await(round)) {
      // there may be more at once
    }
  }
}
