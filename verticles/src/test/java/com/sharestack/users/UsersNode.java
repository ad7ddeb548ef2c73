package com.sharestack.users;

import com.sharestack.contract.ArticlesAuthorStatsRequest;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.AuthLoginRequest;
import com.sharestack.contract.AuthLogoutRequest;
import com.sharestack.contract.AuthRefreshRequest;
import com.sharestack.contract.AuthRegisterRequest;
import com.sharestack.contract.AuthService;
import com.sharestack.contract.AuthorStats;
import com.sharestack.contract.AuthorStatsList;
import com.sharestack.contract.Caller;
import com.sharestack.contract.CreatorPrice;
import com.sharestack.contract.CreatorPrices;
import com.sharestack.contract.LoginBody;
import com.sharestack.contract.LoginResult;
import com.sharestack.contract.MessageResult;
import com.sharestack.contract.PlansPriceInfoRequest;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.RefreshBody;
import com.sharestack.contract.RegisterBody;
import com.sharestack.contract.RegisteredUser;
import com.sharestack.contract.SubscriberCount;
import com.sharestack.contract.SubscriberCounts;
import com.sharestack.contract.SubscriptionGrant;
import com.sharestack.contract.SubscriptionGrants;
import com.sharestack.contract.SubscriptionsCountsRequest;
import com.sharestack.contract.SubscriptionsGrantsRequest;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.TokenPair;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.crypto.BlindIndex;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.tokens.AccessTokens;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assertions;

/** The users domain on a real database, its neighbours as small services that tests steer. */
final class UsersNode implements AutoCloseable {

  static final String PASSWORD = "Correct-Horse-7";

  final TestNode node;
  final AuthService auth;
  final UsersService users;
  final Set<Long> sellers = ConcurrentHashMap.newKeySet();
  final Set<String> grants = ConcurrentHashMap.newKeySet();

  /**
   * @param overrides further environment variables, in pairs
   */
  UsersNode(String name, String... overrides) {
    node = TestNode.of(name, overrides).with("users", UsersVerticle::new).start();
    auth = node.client(AuthService.class);
    users = node.client(UsersService.class);
  }

  UsersNode withNeighbours() {
    node.fake(ArticlesService.class, partial(ArticlesService.class, new Articles()));
    node.fake(PlansService.class, partial(PlansService.class, new Plans()));
    node.fake(SubscriptionsService.class, partial(SubscriptionsService.class, new Subscriptions()));
    return this;
  }

  /** A service of which only the methods that {@code part} has are there. */
  private static <T> T partial(Class<T> type, Object part) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              try {
                return part.getClass()
                    .getMethod(method.getName(), method.getParameterTypes())
                    .invoke(part, args);
              } catch (NoSuchMethodException absent) {
                return Future.failedFuture(new ServiceException(501, "not faked: " + method));
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            }));
  }

  public static final class Articles {
    public Future<AuthorStatsList> authorStats(Caller caller, ArticlesAuthorStatsRequest request) {
      return Future.succeededFuture(
          new AuthorStatsList(
              request.body().authorIds().stream().map(id -> new AuthorStats(id, 7, 41)).toList()));
    }
  }

  public final class Plans {
    public Future<CreatorPrices> priceInfo(Caller caller, PlansPriceInfoRequest request) {
      return Future.succeededFuture(
          new CreatorPrices(
              request.body().creatorIds().stream()
                  .map(
                      id ->
                          sellers.contains(id)
                              ? new CreatorPrice(id, new BigDecimal("29.90"), null, true)
                              : new CreatorPrice(id, null, null, false))
                  .toList()));
    }

    public Future<com.sharestack.contract.PlanPage> list(
        Caller caller, com.sharestack.contract.PlansListRequest request) {
      return Future.failedFuture(new ServiceException(503, "SERVICE_UNAVAILABLE"));
    }
  }

  public final class Subscriptions {
    public Future<SubscriptionGrants> grants(Caller caller, SubscriptionsGrantsRequest request) {
      return Future.succeededFuture(
          new SubscriptionGrants(
              request.body().creatorIds().stream()
                  .filter(id -> grants.contains(request.body().userId() + "->" + id))
                  .map(
                      id ->
                          SubscriptionGrant.builder().creatorId(id).subscriptionId("sub_1").build())
                  .toList()));
    }

    public Future<SubscriberCounts> counts(Caller caller, SubscriptionsCountsRequest request) {
      return Future.succeededFuture(
          new SubscriberCounts(
              request.body().creatorIds().stream()
                  .map(id -> new SubscriberCount(id, 12))
                  .toList()));
    }
  }

  // ---- what tests do

  static Caller.Builder anybody() {
    return Caller.builder()
        .roles(List.of())
        .permissions(List.of())
        .requestId(Ids.random("req_", 8))
        .ip("203.0.113.7")
        .userAgent("JUnit")
        .platform("web");
  }

  static Caller caller(long userId) {
    return anybody().userId(userId).build();
  }

  static RegisterBody.Builder body(String username) {
    return RegisterBody.builder()
        .username(username)
        .email(username + "@example.com")
        .password(PASSWORD)
        .userType(UserType.READER)
        .agreeTerms(true);
  }

  RegisteredUser register(RegisterBody body) {
    return node.await(
        () -> auth.register(anybody().build(), new AuthRegisterRequest(body)).await());
  }

  long reader(String username) {
    return register(body(username).build()).userId();
  }

  long creator(String username) {
    return register(body(username).userType(UserType.CREATOR).build()).userId();
  }

  LoginResult login(String identifier) {
    return login(anybody().build(), identifier, PASSWORD);
  }

  LoginResult login(Caller caller, String identifier, String password) {
    return node.await(() -> loginLater(caller, identifier, password).await());
  }

  Future<LoginResult> loginLater(Caller caller, String identifier, String password) {
    return auth.login(
        caller,
        new AuthLoginRequest(
            LoginBody.builder().email(identifier).password(password).rememberMe(false).build()));
  }

  TokenPair refresh(String token) {
    return node.await(() -> refreshLater(token).await());
  }

  Future<TokenPair> refreshLater(String token) {
    return auth.refresh(anybody().build(), new AuthRefreshRequest(new RefreshBody(token)));
  }

  MessageResult logout(Caller caller) {
    return node.await(() -> auth.logout(caller, new AuthLogoutRequest()).await());
  }

  /** Checks the token as a gateway does, with the real clock. */
  AccessTokens.Claims verified(String accessToken) {
    var config = node.config();
    AccessTokens tokens =
        new AccessTokens(
            node.vertx(),
            config.secrets().jwt(),
            config.auth().issuer(),
            config.auth().audience(),
            3600);
    return node.await(() -> tokens.verify(accessToken).await());
  }

  /** The caller that a gateway makes of a login; tokens of a moved clock are not valid now. */
  Caller session(LoginResult login) {
    return anybody()
        .userId(login.user().userId())
        .sessionId(sessionId(login.accessToken()))
        .build();
  }

  static String sessionId(String accessToken) {
    String payload = accessToken.split("\\.")[1];
    return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(payload))).getString("sid");
  }

  VerificationCodes codes() {
    return new VerificationCodes(
        node.platform().cache(), new BlindIndex(node.config().secrets().index()));
  }

  void sql(String sql, Object... args) {
    node.await(() -> node.db().update(sql, args));
  }

  /** The first column of a query that counts. */
  long count(String sql, Object... args) {
    return node.await(() -> node.db().rows(sql, args).getFirst().getLong(0));
  }

  String text(String sql, Object... args) {
    return node.await(() -> node.db().rows(sql, args).getFirst().getString(0));
  }

  static ServiceException refused(
      int status, String code, org.junit.jupiter.api.function.Executable call) {
    ServiceException refusal = Assertions.assertThrows(ServiceException.class, call);
    Assertions.assertEquals(code, refusal.getMessage());
    Assertions.assertEquals(status, refusal.failureCode());
    return refusal;
  }

  static void unauthorized(String reason, org.junit.jupiter.api.function.Executable call) {
    Assertions.assertEquals(
        reason, refused(401, "UNAUTHORIZED", call).getDebugInfo().getString("reason"));
  }

  @Override
  public void close() {
    node.close();
  }
}
