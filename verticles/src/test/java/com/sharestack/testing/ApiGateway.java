package com.sharestack.testing;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.IdBatch;
import com.sharestack.contract.Principal;
import com.sharestack.contract.Principals;
import com.sharestack.contract.Revocation;
import com.sharestack.contract.Revocations;
import com.sharestack.contract.Services;
import com.sharestack.contract.SessionsService;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersPrincipalsRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.tokens.AccessTokens;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * A gateway with nothing real behind it: the test says what each method of a service answers. A
 * service is on the bus from the first answer that is given for it.
 */
public final class ApiGateway implements AutoCloseable {

  public static final long READER = 1005;
  public static final long CREATOR = 1002;

  private static final Set<String> OF_OTHERS = Set.of("domains", "services");

  private final TestNode node;
  private final AccessTokens tokens;
  private final Map<Long, Principal> accounts = new ConcurrentHashMap<>();
  private final Queue<Revocation> revoked = new ConcurrentLinkedQueue<>();
  private final Map<String, BiFunction<Caller, Record, Future<?>>> answers =
      new ConcurrentHashMap<>();
  private final Set<Class<?>> served = ConcurrentHashMap.newKeySet();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

  /** What reached a service. */
  public record Call(String operation, Caller caller, Record request) {}

  private ApiGateway(TestNode node) {
    this.node = node;
    var auth = node.config().auth();
    this.tokens =
        new AccessTokens(
            node.vertx(),
            node.config().secrets().jwt(),
            auth.issuer(),
            auth.audience(),
            auth.accessSeconds());
  }

  /**
   * A running gateway that knows a reader and a creator.
   *
   * @param overrides environment variables, in pairs
   */
  public static ApiGateway start(String name, String... overrides) {
    String[] all = java.util.Arrays.copyOf(overrides, overrides.length + 2);
    all[overrides.length] = "SHARESTACK_ROLES";
    all[overrides.length + 1] = "gateway";
    ApiGateway gateway = new ApiGateway(TestNode.of(name, all));
    gateway.account(READER, AccountStatus.ACTIVE, UserType.READER);
    gateway.account(CREATOR, AccountStatus.ACTIVE, UserType.CREATOR);
    gateway.answer(
        UsersService.class,
        "principals",
        (caller, request) -> gateway.principals(((UsersPrincipalsRequest) request).body()));
    gateway.answer(
        SessionsService.class,
        "revokedSince",
        (caller, request) ->
            Future.succeededFuture(new Revocations(List.copyOf(gateway.revoked), null)));
    gateway.node.startAll();
    gateway.eventually("it can take requests", gateway::ready);
    return gateway;
  }

  /** Whatever other domains are doing: on a cluster the test answers for them. */
  private boolean ready() {
    try {
      return node
          .node()
          .health()
          .report()
          .toCompletionStage()
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS)
          .checks()
          .stream()
          .filter(check -> !OF_OTHERS.contains(check.getKey()))
          .allMatch(check -> "up".equals(check.getValue()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Future<Principals> principals(IdBatch batch) {
    return Future.succeededFuture(
        new Principals(
            batch.ids().stream().map(accounts::get).filter(java.util.Objects::nonNull).toList()));
  }

  /** Makes or changes an account, without telling the gateway. */
  public void account(long userId, AccountStatus status, UserType type) {
    accounts.put(userId, new Principal(userId, status, type, false, List.of(), List.of()));
  }

  /** The truth about an ended session, for the gateway to find. */
  public void revoke(String sessionId) {
    revoked.add(new Revocation(sessionId, READER, node.clock().instant()));
  }

  /** Says what a method answers; a thrown exception is thrown by the service. */
  public <T> ApiGateway answer(
      Class<T> type, String method, BiFunction<Caller, Record, Future<?>> answer) {
    answers.put(type.getSimpleName() + "." + method, answer);
    if (served.add(type)) {
      node.fake(type, service(type));
    }
    return this;
  }

  private <T> T service(Class<T> type) {
    if (!Services.DOMAINS.containsKey(type)) {
      throw new IllegalArgumentException(type + " is no service of the contract");
    }
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              if (method.getDeclaringClass() == Object.class) {
                return method.invoke(this, args);
              }
              String operation = type.getSimpleName() + "." + method.getName();
              if (type != SessionsService.class && !method.getName().equals("principals")) {
                calls.add(new Call(operation, (Caller) args[0], (Record) args[1]));
              }
              return answers.get(operation).apply((Caller) args[0], (Record) args[1]);
            }));
  }

  /** What reached the services since {@link #forgetCalls}. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  public void forgetCalls() {
    calls.clear();
  }

  /** An answer of the contract with the least in it. */
  public static <T extends Record> Future<T> sample(Class<T> type) {
    return Future.succeededFuture(Wire.read(ApiClient.sample(type.getSimpleName()), type));
  }

  public ApiClient api() {
    return new ApiClient(node.node().httpPort());
  }

  public ApiClient as(long userId) {
    return api().as(token(userId, "ses_of_" + userId));
  }

  /** A token that is valid now. */
  public String token(long userId, String sessionId) {
    return tokens.issue(
        userId, sessionId, "jti_" + sessionId, "reader", List.of(), node.clock().instant());
  }

  public TestNode node() {
    return node;
  }

  /** Waits, at most ten seconds, for what other threads bring about. */
  public void eventually(String what, java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within 10 s: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
