package com.sharestack.sandbox;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/** The JSON control API; {@code package-info} documents it. */
final class ControlApi {

  private static final long MAX_ADVANCE_SECONDS = 400L * 86_400;
  private static final int LIST = 200;

  private final Twin twin;

  ControlApi(Twin twin) {
    this.twin = twin;
  }

  void mount(Router router) {
    router.get("/control/payments").handler(call -> json(call, 200, payments(call)));
    router.get("/control/payments/:n").handler(call -> json(call, 200, order(call).json()));
    router.get("/control/notifications").handler(call -> json(call, 200, deliveries(call)));
    router.get("/control/clock").handler(call -> json(call, 200, clock()));
    router.get("/control/faults").handler(call -> json(call, 200, faults()));
    post(router, "/control/payments/:n/pay", this::pay);
    post(router, "/control/payments/:n/fail", this::fail);
    post(router, "/control/payments/:n/notify", this::again);
    post(router, "/control/payments/:n/close", this::close);
    post(router, "/control/payments/:n/refunds/:r", this::settle);
    post(router, "/control/probe", this::probe);
    post(router, "/control/clock", this::advance);
    post(router, "/control/faults", this::plant);
    post(router, "/control/settings", this::settings);
    post(router, "/control/bills", this::bills);
    post(router, "/control/reset", this::reset);
    router
        .delete("/control/faults")
        .handler(
            call -> {
              twin.faults().clear();
              json(call, 200, faults());
            });
  }

  private void post(
      Router router, String path, BiFunction<RoutingContext, JsonObject, Future<JsonObject>> work) {
    router
        .post(path)
        .handler(
            call -> {
              JsonObject body =
                  call.body().isEmpty() ? new JsonObject() : call.body().asJsonObject();
              work.apply(call, body)
                  .onSuccess(answer -> json(call, 200, answer))
                  .onFailure(call::fail);
            });
  }

  private Future<JsonObject> pay(RoutingContext call, JsonObject body) {
    Order order = order(call);
    Notifier.Plan plan = Notifier.Plan.of(body.getJsonObject("notify"));
    long fen = body.getLong("amount_fen", order.terms.amountFen());
    if (fen <= 0) {
      throw new IllegalArgumentException("amount_fen must be above 0");
    }
    boolean force = body.getBoolean("force", false);
    twin.book().pay(order, fen, force, body.getBoolean("again", false));
    return twin.settlements().paid(order, plan).map(sent -> told(order));
  }

  private Future<JsonObject> fail(RoutingContext call, JsonObject body) {
    Order order = order(call);
    twin.book().fail(order);
    return Future.succeededFuture(told(order));
  }

  private Future<JsonObject> close(RoutingContext call, JsonObject body) {
    Order order = order(call);
    twin.book().close(order);
    return Future.succeededFuture(told(order));
  }

  private Future<JsonObject> again(RoutingContext call, JsonObject body) {
    Order order = order(call);
    return twin.settlements()
        .again(order, Notifier.Plan.of(body))
        .orElseThrow(() -> new TwinError(TwinError.Kind.NOT_PAID))
        .map(sent -> told(order));
  }

  private Future<JsonObject> settle(RoutingContext call, JsonObject body) {
    Order order = order(call);
    TwinRefund refund = order.refunds.get(call.pathParam("r"));
    if (refund == null) {
      throw new TwinError(TwinError.Kind.REFUND_NOT_EXIST);
    }
    TwinRefund.State state =
        TwinRefund.State.valueOf(body.getString("state", "SUCCESS").toUpperCase(Locale.ROOT));
    return twin.settlements()
        .settle(order, refund, state, Notifier.Plan.of(body.getJsonObject("notify")))
        .map(sent -> told(order));
  }

  /** Probe traffic about any paid order, as WeChat sends it from time to time. */
  private Future<JsonObject> probe(RoutingContext call, JsonObject body) {
    Order order = find(body.getString("out_trade_no", ""), TwinRail.WECHAT);
    Notifier.Plan plan = new Notifier.Plan(1, 1, 0, Tamper.SIGNTEST, false);
    return twin.settlements()
        .again(order, plan)
        .orElseThrow(() -> new TwinError(TwinError.Kind.NOT_PAID))
        .map(sent -> told(order));
  }

  private Future<JsonObject> advance(RoutingContext call, JsonObject body) {
    long seconds = body.getLong("advance_seconds", 0L);
    if (seconds < 0 || seconds > MAX_ADVANCE_SECONDS) {
      throw new IllegalArgumentException("advance_seconds must be 0 to " + MAX_ADVANCE_SECONDS);
    }
    return twin.advance(Duration.ofSeconds(seconds)).map(done -> clock());
  }

  private Future<JsonObject> plant(RoutingContext call, JsonObject body) {
    JsonArray rules = body.getJsonArray("rules");
    if (rules == null) {
      twin.faults().plant(Fault.of(body));
    } else {
      rules.forEach(rule -> twin.faults().plant(Fault.of((JsonObject) rule)));
    }
    return Future.succeededFuture(faults());
  }

  private Future<JsonObject> settings(RoutingContext call, JsonObject body) {
    Optional.ofNullable(body.getInteger("calls_per_second")).ifPresent(twin.faults()::limit);
    Optional.ofNullable(body.getBoolean("automatic_refunds"))
        .ifPresent(twin.settlements()::automatic);
    if (body.getBoolean("rotate_platform_key", false)) {
      twin.wechatSeal().rotate();
    }
    return Future.succeededFuture(
        new JsonObject().put("platform_key", twin.wechatSeal().platformId()));
  }

  private Future<JsonObject> bills(RoutingContext call, JsonObject body) {
    TwinRail rail = TwinRail.valueOf(body.getString("rail", "").toUpperCase(Locale.ROOT));
    LocalDate day = LocalDate.parse(body.getString("date", ""));
    JsonArray differences = body.getJsonArray("differences", new JsonArray());
    differences.forEach(one -> twin.bills().plant(rail, day, (JsonObject) one));
    return Future.succeededFuture(new JsonObject().put("planted", differences.size()));
  }

  private Future<JsonObject> reset(RoutingContext call, JsonObject body) {
    twin.reset(body.getLong("seed", twin.options().seed()));
    return Future.succeededFuture(clock());
  }

  private JsonObject payments(RoutingContext call) {
    JsonArray list = new JsonArray();
    twin.book().all().stream().limit(LIST).forEach(order -> list.add(order.json()));
    return new JsonObject().put("payments", list);
  }

  private JsonObject deliveries(RoutingContext call) {
    return new JsonObject()
        .put("notifications", twin.notifier().log(call.request().getParam("out_trade_no")))
        .put("waiting", twin.notifier().waiting());
  }

  private JsonObject clock() {
    return new JsonObject()
        .put("now", twin.clock().now().toString())
        .put("wire", twin.clock().wire().toString());
  }

  private JsonObject faults() {
    return new JsonObject().put("faults", twin.faults().json());
  }

  private JsonObject told(Order order) {
    return order.json().put("notifications", twin.notifier().log(order.terms.outTradeNo()));
  }

  Order order(RoutingContext call) {
    String rail = call.request().getParam("rail");
    return find(
        call.pathParam("n"), rail == null ? null : TwinRail.valueOf(rail.toUpperCase(Locale.ROOT)));
  }

  private Order find(String number, TwinRail rail) {
    for (TwinRail each : TwinRail.values()) {
      Optional<Order> order = twin.book().peek(each, number);
      if (order.isPresent() && (rail == null || rail == each)) {
        return order.get();
      }
    }
    throw new TwinError(TwinError.Kind.NOT_EXIST, number);
  }

  static void json(RoutingContext call, int status, JsonObject body) {
    call.response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .end(body.toBuffer());
  }
}
