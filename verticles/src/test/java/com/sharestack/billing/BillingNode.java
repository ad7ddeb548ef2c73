package com.sharestack.billing;

import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.AccessService;
import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.ArticleRef;
import com.sharestack.contract.ArticleRefList;
import com.sharestack.contract.ArticlesRefsRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Plan;
import com.sharestack.contract.PlanCreate;
import com.sharestack.contract.PlansCreateRequest;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.Subscription;
import com.sharestack.contract.SubscriptionCreate;
import com.sharestack.contract.SubscriptionCreated;
import com.sharestack.contract.SubscriptionsCreateRequest;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserCards;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.errors.Errors;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** The billing domain on a database of its own; users and content are small services of tests. */
final class BillingNode implements AutoCloseable {

  final TestNode node;
  final PlansService plans;
  final SubscriptionsService subscriptions;
  final Map<Long, UserCard> cards = new ConcurrentHashMap<>();
  final Map<Long, AccessDecision> decisions = new ConcurrentHashMap<>();
  final Map<Long, ArticleRef> articles = new ConcurrentHashMap<>();
  volatile boolean usersAway;
  private final AtomicLong ids = new AtomicLong(1000);

  BillingNode(String name) {
    node = TestNode.of(name).with("billing", BillingVerticle::new);
    node.fake(
        UsersService.class,
        only(
            UsersService.class,
            "cards",
            args -> cardsOf(((UsersCardsRequest) args[1]).body().ids())));
    node.fake(
        AccessService.class,
        only(
            AccessService.class,
            "decide",
            args -> {
              long article =
                  ((com.sharestack.contract.AccessDecideRequest) args[1]).body().articleId();
              return Future.succeededFuture(
                  decisions.getOrDefault(
                      article, new AccessDecision(false, null, null, null, null, null, null)));
            }));
    node.fake(
        ArticlesService.class,
        only(
            ArticlesService.class,
            "refs",
            args -> refsOf(((ArticlesRefsRequest) args[1]).body().ids())));
    node.start();
    plans = node.client(PlansService.class);
    subscriptions = node.client(SubscriptionsService.class);
  }

  private Future<?> cardsOf(List<Long> ids) {
    return usersAway
        ? Future.failedFuture(Errors.of(ErrorCode.SERVICE_UNAVAILABLE))
        : Future.succeededFuture(
            new UserCards(ids.stream().filter(cards::containsKey).map(cards::get).toList()));
  }

  private Future<?> refsOf(List<Long> ids) {
    return Future.succeededFuture(
        new ArticleRefList(ids.stream().filter(articles::containsKey).map(articles::get).toList()));
  }

  /** A service of which the test needs one method. */
  static <T> T only(Class<T> type, String name, Function<Object[], Future<?>> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) ->
                method.getName().equals(name)
                    ? answer.apply(args)
                    : Future.failedFuture("the test has no " + method.getName())));
  }

  long newId() {
    return ids.incrementAndGet();
  }

  /** A certified creator, known to the users domain. */
  Caller creator() {
    long id = newId();
    know(id, UserType.CREATOR, true);
    return caller(id, "creator", true, List.of());
  }

  Caller reader() {
    long id = newId();
    know(id, UserType.READER, false);
    return caller(id, "reader", false, List.of());
  }

  Caller admin() {
    long id = newId();
    know(id, UserType.READER, false);
    return caller(id, "reader", false, List.of("admin"));
  }

  void know(long id, UserType type, boolean verified) {
    cards.put(
        id,
        UserCard.builder()
            .userId(id)
            .username("user_" + id)
            .displayName("用户" + id)
            .userType(type)
            .isVerified(verified)
            .status(AccountStatus.ACTIVE)
            .build());
  }

  static Caller caller(Long id, String type, boolean verified, List<String> roles) {
    return Caller.builder()
        .userId(id)
        .userType(type)
        .verified(verified)
        .roles(roles)
        .permissions(List.of())
        .requestId("req_test")
        .ip("203.0.113.7")
        .userAgent("test")
        .build();
  }

  static Caller anonymous() {
    return caller(null, null, false, List.of());
  }

  static Caller withKey(Caller caller, String key, String hash) {
    return Caller.builder()
        .userId(caller.userId())
        .userType(caller.userType())
        .verified(caller.verified())
        .roles(caller.roles())
        .permissions(caller.permissions())
        .requestId(caller.requestId())
        .idempotencyKey(key)
        .requestHash(hash)
        .build();
  }

  static PlanCreate.Builder draft(String name, String price) {
    return PlanCreate.builder()
        .name(name)
        .description("")
        .price(new BigDecimal(price))
        .currency("CNY")
        .billingCycle(BillingCycle.MONTHLY);
  }

  Plan create(Caller caller, PlanCreate.Builder plan) {
    return await(plans.create(caller, new PlansCreateRequest(plan.build()))).plan();
  }

  Plan freePlan(Caller creator) {
    return create(creator, draft("免费方案", "0.00").isActive(true));
  }

  SubscriptionCreated order(Caller caller, SubscriptionCreate order) {
    return await(subscriptions.create(caller, new SubscriptionsCreateRequest(order)));
  }

  Subscription subscribe(Caller caller, Plan plan) {
    return order(caller, new SubscriptionCreate(plan.id(), null, null, false, null)).subscription();
  }

  <T> T await(Future<T> answer) {
    return node.await(answer::await);
  }

  List<Row> rows(String sql, Object... args) {
    return node.await(() -> node.db().rows(sql, args));
  }

  long number(String sql, Object... args) {
    return rows(sql, args).get(0).getLong(0);
  }

  void update(String sql, Object... args) {
    node.await(() -> node.db().update(sql, args));
  }

  @Override
  public void close() {
    node.close();
  }
}
