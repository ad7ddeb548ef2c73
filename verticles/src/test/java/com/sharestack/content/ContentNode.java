package com.sharestack.content;

import com.sharestack.contract.AccessService;
import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Article;
import com.sharestack.contract.ArticleCreate;
import com.sharestack.contract.ArticleDetail;
import com.sharestack.contract.ArticleList;
import com.sharestack.contract.ArticlePublish;
import com.sharestack.contract.ArticlePublishResult;
import com.sharestack.contract.ArticleUnpublish;
import com.sharestack.contract.ArticleUpdate;
import com.sharestack.contract.ArticleUpdateResult;
import com.sharestack.contract.ArticlesCreateRequest;
import com.sharestack.contract.ArticlesGetRequest;
import com.sharestack.contract.ArticlesListRequest;
import com.sharestack.contract.ArticlesPublishRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.ArticlesUnpublishRequest;
import com.sharestack.contract.ArticlesUpdateRequest;
import com.sharestack.contract.Caller;
import com.sharestack.contract.CategoriesService;
import com.sharestack.contract.ContentScope;
import com.sharestack.contract.CreatorTeaser;
import com.sharestack.contract.CreatorTeasers;
import com.sharestack.contract.EntitlementLevel;
import com.sharestack.contract.IdList;
import com.sharestack.contract.PlanTeaser;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.PlansTeasersRequest;
import com.sharestack.contract.Principals;
import com.sharestack.contract.PurchaseOpened;
import com.sharestack.contract.PurchasePass;
import com.sharestack.contract.PurchasePasses;
import com.sharestack.contract.PurchasesOpenedRequest;
import com.sharestack.contract.PurchasesPassesRequest;
import com.sharestack.contract.PurchasesService;
import com.sharestack.contract.SubscriptionGrant;
import com.sharestack.contract.SubscriptionGrants;
import com.sharestack.contract.SubscriptionOpened;
import com.sharestack.contract.SubscriptionsGrantsRequest;
import com.sharestack.contract.SubscriptionsOpenedRequest;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.TrialService;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserCards;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersResolveRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.db.Db;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.serviceproxy.ServiceException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Assertions;

/** The content domain on a real database, with small services in the place of users and billing. */
final class ContentNode implements AutoCloseable {

  private static final AtomicInteger FILLERS = new AtomicInteger();

  static final long WRITER = 51;
  static final long OTHER_WRITER = 52;
  static final long NOVICE = 53;
  static final long READER = 61;
  static final long ADMIN = 71;
  static final long MODERATOR = 72;

  final TestNode node;
  final Map<Long, UserCard> users = new ConcurrentHashMap<>();
  final Map<Long, Set<Long>> blocked = new ConcurrentHashMap<>();
  final Map<String, SubscriptionGrant> grants = new ConcurrentHashMap<>();
  final AtomicInteger calls = new AtomicInteger();
  final Map<String, PurchasePass> passes = new ConcurrentHashMap<>();
  final Set<String> opened = ConcurrentHashMap.newKeySet();
  volatile boolean purchasesStand = true;

  /** Of subscriptions made from now on. */
  volatile Instant countsOpeningsUntil;

  volatile boolean subscriptionsStand = true;
  volatile boolean billingAway;

  ContentNode(String database, String... overrides) {
    node = TestNode.of(database, overrides);
    user(WRITER, true);
    user(OTHER_WRITER, true);
    user(NOVICE, false);
    user(READER, false);
    user(ADMIN, false);
    user(MODERATOR, false);
    node.with("content", ContentVerticle::new)
        .fake(UsersService.class, users())
        .fake(SubscriptionsService.class, subscriptions())
        .fake(PlansService.class, plans())
        .fake(PurchasesService.class, purchases())
        .start();
  }

  void user(long id, boolean verified) {
    user(id, verified, AccountStatus.ACTIVE, false);
  }

  void user(long id, boolean verified, AccountStatus status, boolean hidden) {
    users.put(
        id,
        UserCard.builder()
            .userId(id)
            .username("user" + id)
            .displayName("用户" + id)
            .userType(UserType.CREATOR)
            .isVerified(verified)
            .status(status)
            .contentHidden(hidden)
            .build());
  }

  /** A running subscription of the reader. */
  void subscribe(long reader, long creator, boolean priced, Instant until) {
    List<EntitlementLevel> levels =
        priced
            ? List.of(EntitlementLevel.SUBSCRIBERS, EntitlementLevel.PAID)
            : List.of(EntitlementLevel.SUBSCRIBERS);
    grants.put(
        reader + ":" + creator,
        new SubscriptionGrant(
            creator,
            "sub_" + reader,
            4001,
            priced,
            until,
            ContentScope.ALL,
            levels,
            List.of(),
            List.of(),
            countsOpeningsUntil));
  }

  private UsersService users() {
    return fake(
        UsersService.class,
        Map.of(
            "cards",
            request -> cards(((UsersCardsRequest) request).body().ids()),
            "resolve",
            request ->
                new UserCards(
                    users.values().stream()
                        .filter(
                            card ->
                                ((UsersResolveRequest) request)
                                    .body()
                                    .usernames()
                                    .contains(card.username()))
                        .toList()),
            "hiddenAuthors",
            request ->
                new IdList(
                    List.copyOf(
                        blocked.getOrDefault(
                            ((com.sharestack.contract.UsersHiddenAuthorsRequest) request)
                                .body()
                                .viewerId(),
                            Set.of()))),
            "principals",
            request -> new Principals(List.of())));
  }

  private UserCards cards(List<Long> ids) {
    return new UserCards(ids.stream().filter(users::containsKey).map(users::get).toList());
  }

  private SubscriptionsService subscriptions() {
    return fake(
        SubscriptionsService.class,
        Map.of(
            "grants",
            request -> {
              var query = ((SubscriptionsGrantsRequest) request).body();
              return new SubscriptionGrants(
                  query.creatorIds().stream()
                      .map(creator -> grants.get(query.userId() + ":" + creator))
                      .filter(java.util.Objects::nonNull)
                      .toList());
            },
            "opened",
            request -> {
              var opening = ((SubscriptionsOpenedRequest) request).body();
              opened.add(opening.userId() + ":" + opening.articleId());
              if (!subscriptionsStand) {
                grants.remove(opening.userId() + ":" + opening.creatorId());
              }
              return new SubscriptionOpened(subscriptionsStand);
            }));
  }

  private PurchasesService purchases() {
    return fake(
        PurchasesService.class,
        Map.of(
            "passes",
            request -> {
              var query = ((PurchasesPassesRequest) request).body();
              return new PurchasePasses(
                  query.articleIds().stream()
                      .map(article -> passes.get(query.userId() + ":" + article))
                      .filter(java.util.Objects::nonNull)
                      .toList());
            },
            "opened",
            request -> {
              var opening = ((PurchasesOpenedRequest) request).body();
              opened.add(opening.userId() + ":" + opening.articleId());
              if (!purchasesStand) {
                passes.remove(opening.userId() + ":" + opening.articleId());
              }
              return new PurchaseOpened(purchasesStand);
            }));
  }

  private PlansService plans() {
    return fake(
        PlansService.class,
        Map.of(
            "teasers",
            request ->
                new CreatorTeasers(
                    ((PlansTeasersRequest) request)
                        .body().creatorIds().stream()
                            .map(
                                id ->
                                    new CreatorTeaser(
                                        id,
                                        List.of(
                                            new PlanTeaser(
                                                4001,
                                                "月度会员",
                                                new BigDecimal("29.90"),
                                                "CNY",
                                                "monthly"))))
                            .toList())));
  }

  private <T> T fake(Class<T> type, Map<String, Function<Object, Object>> methods) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) ->
                method.getDeclaringClass() == Object.class
                    ? method.invoke(methods, args)
                    : answer(type, methods.get(method.getName()), method, args)));
  }

  private Future<Object> answer(
      Class<?> type, Function<Object, Object> body, Method method, Object[] args) {
    calls.incrementAndGet();
    if (billingAway && type != UsersService.class) {
      return Future.failedFuture(new ServiceException(503, "SERVICE_UNAVAILABLE"));
    }
    return body == null
        ? Future.failedFuture("no fake for " + method.getName())
        : Future.succeededFuture(body.apply(args[1]));
  }

  static Caller caller(long user, String... permissions) {
    return as(user).permissions(List.of(permissions)).build();
  }

  static Caller.Builder as(Long user) {
    return Caller.builder()
        .userId(user)
        .userType(user == null ? null : "creator")
        .roles(List.of())
        .permissions(List.of())
        .requestId("test")
        .ip("203.0.113.7")
        .userAgent("Mozilla/5.0");
  }

  static Caller anonymous() {
    return as(null).build();
  }

  /** Text like no other, so that moderation takes no article of a test for a copy. */
  static String filler(int characters) {
    java.util.Random random = new java.util.Random(FILLERS.incrementAndGet());
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= characters; i++) {
      text.append((char) ('一' + random.nextInt(2000))).append(i % 25 == 0 ? "。" : "");
    }
    return text.append('。').toString();
  }

  static ArticleCreate.Builder draft(String title, String content) {
    return ArticleCreate.builder()
        .title(title)
        .content(content)
        .allowComments(true)
        .includedInSubscription(true)
        .robots("index,follow");
  }

  Article create(Caller caller, ArticleCreate.Builder body) {
    return node.await(
        () -> articles().create(caller, new ArticlesCreateRequest(body.build())).await());
  }

  Article published(long author, ArticleCreate.Builder body) {
    return create(caller(author), body.status("published"));
  }

  ArticleDetail get(Caller caller, long id) {
    return node.await(
        () -> articles().get(caller, new ArticlesGetRequest(id, true, false)).await());
  }

  ArticleUpdateResult update(Caller caller, long id, ArticleUpdate.Builder body) {
    return node.await(
        () -> articles().update(caller, new ArticlesUpdateRequest(id, body.build())).await());
  }

  ArticlePublishResult publish(Caller caller, long id, Instant at) {
    return node.await(
        () ->
            articles()
                .publish(caller, new ArticlesPublishRequest(id, new ArticlePublish(at)))
                .await());
  }

  void unpublish(Caller caller, long id, String reason) {
    node.await(
        () ->
            articles()
                .unpublish(caller, new ArticlesUnpublishRequest(id, new ArticleUnpublish(reason)))
                .await());
  }

  ArticleList list(Caller caller, ArticlesListRequest.Builder request) {
    return node.await(() -> articles().list(caller, request.build()).await());
  }

  static ArticlesListRequest.Builder all() {
    return ArticlesListRequest.builder().page(1).limit(20).sort("published_at").order("desc");
  }

  /** The refusal of a block, checked to be of that code. */
  static ServiceException refused(String code, Runnable block) {
    ServiceException refusal = Assertions.assertThrows(ServiceException.class, block::run);
    Assertions.assertEquals(code, refusal.getMessage(), () -> refusal.getDebugInfo().encode());
    return refusal;
  }

  long one(String sql, Object... args) {
    return node.await(() -> db().row(sql, args).orElseThrow().getLong(0));
  }

  void run(String sql, Object... args) {
    node.await(() -> db().update(sql, args));
  }

  long statements() {
    return (long) node.platform().meters().get("sharestack.db.statements").counter().count();
  }

  Db db() {
    return node.db();
  }

  ArticlesService articles() {
    return node.client(ArticlesService.class);
  }

  AccessService access() {
    return node.client(AccessService.class);
  }

  TrialService trial() {
    return node.client(TrialService.class);
  }

  CategoriesService categories() {
    return node.client(CategoriesService.class);
  }

  long category(Long parent, String slug) {
    return node.await(
        () -> {
          Instant now = node.clock().instant();
          long id =
              db().insert(
                      """
                      INSERT INTO categories (parent_id, depth, name, slug, created_at, updated_at)
                      VALUES (?, ?, ?, ?, ?, ?)
                      """,
                      parent,
                      parent == null ? 1 : 2,
                      slug,
                      slug,
                      now,
                      now);
          String path = parent == null ? "/" + id + "/" : "/" + parent + "/" + id + "/";
          db().update("UPDATE categories SET path = ? WHERE category_id = ?", path, id);
          node.clock().advance(java.time.Duration.ofSeconds(11));
          return id;
        });
  }

  @Override
  public void close() {
    node.close();
  }
}
