package com.sharestack.billing.purchases;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.AuditRepository;
import com.sharestack.billing.coupons.CouponAttempts;
import com.sharestack.billing.ledger.TrialBalanceRepository;
import com.sharestack.billing.payments.Channels;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.payments.PaymentRow;
import com.sharestack.billing.payments.PaymentViews;
import com.sharestack.billing.payments.PaymentsServiceImpl;
import com.sharestack.billing.payments.RefundsServiceImpl;
import com.sharestack.billing.rails.Inbound;
import com.sharestack.billing.rails.Rails;
import com.sharestack.billing.rails.RailsConfig;
import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.AccessReason;
import com.sharestack.contract.AccessService;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.ArticlesSaleTermsRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.PassesQuery;
import com.sharestack.contract.PaymentCreate;
import com.sharestack.contract.PaymentOrderType;
import com.sharestack.contract.PaymentsCreateRequest;
import com.sharestack.contract.PurchaseCreate;
import com.sharestack.contract.PurchaseCreated;
import com.sharestack.contract.PurchaseOpening;
import com.sharestack.contract.PurchasePass;
import com.sharestack.contract.PurchasesCreateRequest;
import com.sharestack.contract.PurchasesOpenedRequest;
import com.sharestack.contract.PurchasesPassesRequest;
import com.sharestack.contract.Refund;
import com.sharestack.contract.RefundCreate;
import com.sharestack.contract.RefundsCreateRequest;
import com.sharestack.contract.SaleTerms;
import com.sharestack.contract.SaleTermsList;
import com.sharestack.contract.UserRef;
import com.sharestack.platform.crypto.Sealer;
import com.sharestack.platform.ids.Ids;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Purchases on a database of their own, with the sandbox as rails and a content domain that says
 * what a test wants. What the rails send is collected; a test hands it in.
 */
final class PurchaseBench implements AutoCloseable {

  static final long CREATOR = 7;

  final TestNode node;
  final TestRails rails = new TestRails();
  final PaymentCore payments;
  final PurchaseCore core;
  final PurchasesServiceImpl purchases;
  final PaymentsServiceImpl paymentsService;
  final RefundsServiceImpl refunds;
  final Map<Long, SaleTerms> terms = new ConcurrentHashMap<>();

  /** How an article is open to a reader but by purchase, by {@code user:article}. */
  final Map<String, AccessSource> open = new ConcurrentHashMap<>();

  private final Rails ours;
  private final AtomicLong ids = new AtomicLong(100);

  PurchaseBench(String name) {
    node = TestNode.of(name).start();
    RailsConfig config =
        rails.config(RailsConfig.Limits.DEFAULT.withCallTimeoutMillis(2_000).withBreaker(1000, 1));
    ours = Rails.create(node.vertx(), config, rails.clock);
    PaymentParts parts =
        PaymentParts.of(
            node.db(),
            rails.clock,
            node.platform().outbox(),
            new AuditRepository(),
            new Channels(ours, config, List.of("wechat", "alipay")));
    payments = PaymentCore.of(parts, Sealer.ofKey(node.config().secrets().data()));
    core = new PurchaseCore(payments);
    PaymentViews views = new PaymentViews(null);
    purchases =
        new PurchasesServiceImpl(
            core,
            new PurchaseOffers(
                only(ArticlesService.class, "saleTerms", this::saleTerms),
                only(AccessService.class, "decide", this::decide)),
            new CouponAttempts(node.db(), node.platform().cache(), rails.clock, 1_000),
            views,
            (caller, id) -> new UserRef(id, "user_" + id, "用户" + id, null),
            url -> {});
    paymentsService = new PaymentsServiceImpl(payments, views, url -> {});
    refunds = new RefundsServiceImpl(payments, views, 30);
  }

  private static <T> T only(
      Class<T> type, String name, Function<Object, io.vertx.core.Future<?>> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) ->
                method.getName().equals(name)
                    ? answer.apply(args[1])
                    : io.vertx.core.Future.failedFuture("no " + method.getName())));
  }

  private io.vertx.core.Future<?> saleTerms(Object request) {
    return io.vertx.core.Future.succeededFuture(
        new SaleTermsList(
            ((ArticlesSaleTermsRequest) request)
                .body().ids().stream().filter(terms::containsKey).map(terms::get).toList()));
  }

  private io.vertx.core.Future<?> decide(Object request) {
    var asked = ((com.sharestack.contract.AccessDecideRequest) request).body();
    SaleTerms known = terms.get(asked.articleId());
    if (known == null) {
      return io.vertx.core.Future.succeededFuture(AccessDecision.builder().found(false).build());
    }
    AccessSource source = open.get(asked.userId() + ":" + asked.articleId());
    return io.vertx.core.Future.succeededFuture(
        AccessDecision.builder()
            .found(true)
            .creatorId(known.authorId())
            .access(
                new AccessInfo(
                    source != null,
                    source,
                    source == null ? AccessReason.PURCHASE_REQUIRED : null,
                    null))
            .build());
  }

  long newId() {
    return ids.incrementAndGet();
  }

  static Caller buyer(long id) {
    return Caller.builder()
        .userId(id)
        .userType("reader")
        .verified(false)
        .roles(List.of())
        .permissions(List.of())
        .requestId("req_test")
        .ip("203.0.113.7")
        .build();
  }

  static Caller withKey(long id, String key, String hash) {
    return Caller.builder()
        .userId(id)
        .userType("reader")
        .verified(false)
        .roles(List.of())
        .permissions(List.of())
        .requestId("req_test")
        .ip("203.0.113.7")
        .idempotencyKey(key)
        .requestHash(hash.repeat(64))
        .build();
  }

  /** An article for sale; its id. */
  long article(String price, int accessDays) {
    long id = newId();
    offer(id, price, accessDays, true);
    return id;
  }

  void offer(long id, String price, int accessDays, boolean forSale) {
    terms.put(
        id,
        SaleTerms.builder()
            .articleId(id)
            .authorId(CREATOR)
            .title("文章" + id)
            .contentType(ContentType.ARTICLE)
            .forSale(forSale)
            .price(price == null ? null : new BigDecimal(price))
            .accessDays(accessDays)
            .build());
  }

  static PurchaseCreate.Builder order(long article) {
    return PurchaseCreate.builder().articleId(article).paymentMethod("wechat").force(false);
  }

  PurchaseCreated create(Caller caller, PurchaseCreate.Builder order) {
    return node.await(
        () -> purchases.create(caller, new PurchasesCreateRequest(order.build())).await());
  }

  PurchaseCreated buy(long buyer, long article) {
    return create(buyer(buyer), order(article));
  }

  PaymentRow payment(String id) {
    return node.await(() -> payments.parts().payments().find(node.db(), id).orElseThrow());
  }

  PaymentRow payment(PurchaseCreated made) {
    return payment(made.payment().id());
  }

  /** The payer pays; the notification of the rail. */
  Inbound pay(PaymentRow row) {
    rails.received.clear();
    rails.control("/payments/" + row.tradeNo() + "/pay", new JsonObject());
    return rails.received.stream().map(TestRails.Received::inbound).toList().getFirst();
  }

  /** Pays without telling anybody. */
  void payInSilence(PaymentRow row) {
    rails.pay(row.tradeNo(), new JsonObject().put("times", 0));
  }

  int deliver(Inbound inbound) {
    return node.await(
        () ->
            payments
                .notices()
                .receive(
                    ours.rail(com.sharestack.billing.rails.Channel.WECHAT).orElseThrow(),
                    inbound,
                    "203.0.113.9")
                .status());
  }

  /** Bought and paid. */
  PurchaseCreated paid(long buyer, long article) {
    PurchaseCreated made = buy(buyer, article);
    assertEquals(200, deliver(pay(payment(made))));
    return made;
  }

  PurchaseRow purchase(String id) {
    return node.await(() -> core.purchases().find(node.db(), id).orElseThrow());
  }

  PurchaseRow purchase(PurchaseCreated made) {
    return purchase(made.purchase().id());
  }

  List<PurchasePass> passes(long user, long article) {
    return node.await(
        () ->
            purchases
                .passes(
                    buyer(user),
                    new PurchasesPassesRequest(new PassesQuery(user, List.of(article))))
                .await()
                .items());
  }

  boolean read(long user, long article) {
    return node.await(
        () ->
            purchases
                .opened(buyer(user), new PurchasesOpenedRequest(new PurchaseOpening(user, article)))
                .await()
                .open());
  }

  Refund refund(long user, String paymentId) {
    return node.await(
        () ->
            refunds
                .create(
                    buyer(user),
                    new RefundsCreateRequest(paymentId, new RefundCreate(null, "不想要了", true)))
                .await()
                .refund());
  }

  /** Another payment of an order, as payments.create opens it. */
  String payAgain(long user, String orderId, String amount) {
    PaymentCreate request =
        PaymentCreate.builder()
            .amount(new BigDecimal(amount))
            .currency("CNY")
            .paymentMethod("wechat")
            .orderType(PaymentOrderType.ONE_TIME)
            .orderId(orderId)
            .idempotencyKey(Ids.random("key-", 20))
            .build();
    return node.await(
        () ->
            paymentsService
                .create(buyer(user), new PaymentsCreateRequest(request))
                .await()
                .payment()
                .id());
  }

  void runEnds() {
    node.await(() -> core.ends().run());
  }

  void advance(Duration by) {
    rails.clock.advance(by);
  }

  Instant now() {
    return rails.clock.instant();
  }

  /** A coupon of everything the creator sells singly. */
  void coupon(String code, boolean platform, String type, long value, int quota) {
    Instant now = now();
    node.await(
        () -> {
          long id =
              node.db()
                  .insert(
                      """
                      INSERT INTO coupons (scope, creator_id, name, discount_type, discount_value,
                        plan_ids, article_ids, total_quantity, starts_at, expires_at, status,
                        created_by, created_at, updated_at)
                      VALUES (?, ?, '优惠', ?, ?, '[]', '[]', ?, ?, ?, 'active', 1, ?, ?)
                      """,
                      platform ? "platform" : "creator",
                      platform ? null : CREATOR,
                      type,
                      value,
                      quota,
                      now.minusSeconds(60),
                      now.plus(Duration.ofDays(300)),
                      now,
                      now);
          return node.db()
              .update(
                  "INSERT INTO coupon_codes (code, coupon_id, created_at) VALUES (?, ?, ?)",
                  code,
                  id,
                  now);
        });
  }

  /** reserved/used places of a coupon. */
  String places(String code) {
    return number(
            """
            SELECT c.reserved_count FROM coupons c JOIN coupon_codes k ON k.coupon_id = c.coupon_id
            WHERE k.code = ?
            """,
            code)
        + "/"
        + number(
            """
            SELECT c.used_count FROM coupons c JOIN coupon_codes k ON k.coupon_id = c.coupon_id
            WHERE k.code = ?
            """,
            code);
  }

  <T> List<T> inParallel(int times, Callable<T> work) {
    try (ExecutorService threads = Executors.newFixedThreadPool(times)) {
      List<Future<T>> all = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        all.add(threads.submit(work));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : all) {
        results.add(one.get());
      }
      return results;
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  long number(String sql, Object... args) {
    return node.await(() -> node.db().rows(sql, args)).get(0).getLong(0);
  }

  int update(String sql, Object... args) {
    return node.await(() -> node.db().update(sql, args));
  }

  /** Balance of an account over all books and channels, in its normal direction. */
  long balance(String code) {
    return number(
        "SELECT CAST(COALESCE(SUM(balance_fen), 0) AS SIGNED) FROM ledger_accounts WHERE code = ?",
        code);
  }

  /** Stored balances are the sums of lines, and all lines together are zero. */
  void requireBooks() {
    assertEquals(
        List.of(),
        node.await(() -> new TrialBalanceRepository().differences(node.db())),
        "stored balances against lines");
    assertEquals(
        0,
        number(
            """
            SELECT CAST(COALESCE(SUM(
              CASE direction WHEN 'D' THEN amount_fen ELSE -amount_fen END), 0) AS SIGNED)
            FROM ledger_lines
            """),
        "debits less credits");
  }

  @Override
  public void close() {
    TestRails.await(ours.close());
    rails.close();
    node.close();
  }
}
