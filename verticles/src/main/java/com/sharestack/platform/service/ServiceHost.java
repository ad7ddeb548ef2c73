package com.sharestack.platform.service;

import com.sharestack.contract.Services;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceBinder;
import io.vertx.serviceproxy.ServiceProxyBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Puts a domain's services on the bus, each behind the guard, and hands out clients of others. A
 * client of a domain this process hosts stays in the process; others go through the cluster.
 */
public final class ServiceHost {

  private final Vertx vertx;
  private final String domain;
  private final Set<String> localDomains;
  private final Limits limits;
  private final MeterRegistry meters;
  private final InFlight inFlight;
  private final List<BooleanSupplier> idle = new ArrayList<>();
  private final Set<Class<?>> served = new HashSet<>();
  private final List<MessageConsumer<JsonObject>> consumers = new ArrayList<>();

  /**
   * @param callsInFlight per service of one verticle instance; more are refused at once
   * @param callTimeoutMillis how long a client waits for another domain
   */
  public record Limits(int callsInFlight, long callTimeoutMillis) {}

  public ServiceHost(
      Vertx vertx, String domain, Set<String> localDomains, Limits limits, MeterRegistry meters) {
    this(vertx, domain, localDomains, limits, meters, new InFlight());
  }

  /**
   * @param inFlight where the process counts what it works on
   */
  public ServiceHost(
      Vertx vertx,
      String domain,
      Set<String> localDomains,
      Limits limits,
      MeterRegistry meters,
      InFlight inFlight) {
    this.inFlight = inFlight;
    this.vertx = vertx;
    this.domain = domain;
    this.localDomains = localDomains;
    this.limits = limits;
    this.meters = meters;
  }

  /** Registers {@code service} under the address of its contract interface. */
  public <T> void serve(Class<T> type, T service) {
    if (!domain.equals(Services.DOMAINS.get(type))) {
      throw new IllegalStateException(type.getSimpleName() + " is not a service of " + domain);
    }
    String address = address(type);
    Guard guard =
        new Guard(vertx, address, service, limits.callsInFlight(), meters, inFlight.of(address));
    idle.add(guard::idle);
    consumers.add(new ServiceBinder(vertx).setAddress(address).register(type, guard.around(type)));
    served.add(type);
  }

  /**
   * Takes the services off the bus and completes when the calls they already took have ended, or
   * when the deadline is over. Other instances of the same services go on.
   */
  public Future<Boolean> drain(long deadlineMillis) {
    return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
        .transform(
            off ->
                InFlight.until(
                    vertx,
                    () -> idle.stream().allMatch(BooleanSupplier::getAsBoolean),
                    deadlineMillis));
  }

  /** Completes when every registration is known to the cluster. */
  public Future<Void> registered() {
    return Future.all(consumers.stream().map(MessageConsumer::completion).toList()).mapEmpty();
  }

  /**
   * @throws IllegalStateException naming every service of the domain that has no implementation
   */
  public void requireComplete() {
    List<String> missing =
        Services.DOMAINS.entrySet().stream()
            .filter(entry -> entry.getValue().equals(domain) && !served.contains(entry.getKey()))
            .map(entry -> address(entry.getKey()))
            .sorted()
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "the contract names services of " + domain + " that nothing implements: " + missing);
    }
  }

  /** A client of another domain's service; calls fail with the callee's ServiceException. */
  public <T> T client(Class<T> type) {
    return client(vertx, type, localDomains, limits.callTimeoutMillis());
  }

  public static <T> T client(
      Vertx vertx, Class<T> type, Set<String> localDomains, long timeoutMillis) {
    String hosting = Services.DOMAINS.get(type);
    if (hosting == null) {
      throw new IllegalStateException(type.getSimpleName() + " is not a service of the contract");
    }
    boolean local = localDomains.contains(hosting);
    return Discarded.around(
        type,
        new ServiceProxyBuilder(vertx)
            .setAddress(address(type))
            .setOptions(new DeliveryOptions().setSendTimeout(timeoutMillis).setLocalOnly(local))
            .build(type));
  }

  static String address(Class<?> type) {
    try {
      return (String) type.getField("ADDRESS").get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is not a service of the contract", e);
    }
  }
}
