package com.sharestack.platform.service;

import com.sharestack.contract.Services;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Asks every service of the contract over the bus whether somebody is there. The question takes the
 * way of a call, to the consumer of the service's address, and is answered in front of it: no
 * domain notices. It also makes that way warm: addresses are looked up and connections are open.
 */
public final class Probe {

  private static final String HEADER = "probe";

  private final Vertx vertx;
  private final Map<String, Boolean> local = new TreeMap<>();

  /**
   * @param localDomains whose services this process must serve itself
   */
  public Probe(Vertx vertx, Set<String> localDomains) {
    this.vertx = vertx;
    Services.DOMAINS.forEach(
        (type, domain) -> local.put(ServiceHost.address(type), localDomains.contains(domain)));
  }

  /** From now on probes that reach this process are answered where somebody serves the address. */
  public static void answer(Vertx vertx) {
    vertx
        .eventBus()
        .addInboundInterceptor(
            delivery -> {
              if (delivery.message().headers().contains(HEADER)) {
                delivery.message().reply("here");
              } else {
                delivery.next();
              }
            });
  }

  /** The addresses that did not answer within {@code timeoutMillis}. */
  public Future<List<String>> silent(long timeoutMillis) {
    List<String> silent = new ArrayList<>();
    List<Future<?>> asked = new ArrayList<>();
    local.forEach(
        (address, here) ->
            asked.add(
                vertx
                    .eventBus()
                    .request(
                        address,
                        "",
                        new DeliveryOptions()
                            .addHeader(HEADER, "1")
                            .setSendTimeout(timeoutMillis)
                            .setLocalOnly(here))
                    .onFailure(
                        away -> {
                          synchronized (silent) {
                            silent.add(address);
                          }
                        })));
    return Future.join(asked)
        .transform(
            all -> {
              synchronized (silent) {
                return Future.succeededFuture(silent.stream().sorted().toList());
              }
            });
  }
}
