package com.sharestack.billing.rails;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rails that are configured. One per process; safe from every thread. */
public final class Rails {

  private final Map<Channel, Rail> rails = new EnumMap<>(Channel.class);
  private final List<RailHttp> clients = new ArrayList<>();

  private Rails() {}

  public static Rails create(Vertx vertx, RailsConfig config) {
    return create(vertx, config, Clock.systemUTC());
  }

  public static Rails create(Vertx vertx, RailsConfig config, Clock clock) {
    Rails rails = new Rails();
    if (config.wechat() != null) {
      RailHttp http = rails.client(vertx, "wechat", config.limits());
      rails.rails.put(
          Channel.WECHAT, new WechatRail(vertx, config.wechat(), config.limits(), http, clock));
    }
    if (config.alipay() != null) {
      RailHttp http = rails.client(vertx, "alipay", config.limits());
      rails.rails.put(
          Channel.ALIPAY, new AlipayRail(config.alipay(), config.limits(), http, clock));
    }
    return rails;
  }

  private RailHttp client(Vertx vertx, String name, RailsConfig.Limits limits) {
    RailHttp http = new RailHttp(vertx, name, limits);
    clients.add(http);
    return http;
  }

  /** Empty when the rail is not configured. */
  public Optional<Rail> rail(Channel channel) {
    return Optional.ofNullable(rails.get(channel));
  }

  public Set<Channel> channels() {
    return Set.copyOf(rails.keySet());
  }

  /** Ends the connections; calls under way end as {@link Reply.Unknown}. */
  public Future<Void> close() {
    return Future.all(clients.stream().map(RailHttp::close).toList()).mapEmpty();
  }
}
