package com.sharestack.cluster;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Paywall;
import com.sharestack.contract.PreviewSettings;
import com.sharestack.contract.TrialContent;
import com.sharestack.contract.TrialGetRequest;
import com.sharestack.contract.TrialService;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.cluster.Clustering;
import com.sharestack.platform.config.ConfigLoader;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Probe;
import com.sharestack.platform.service.ServiceHost;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The other JVM of the cluster test: hosts one service of the content domain behind the guard. The
 * article id chooses what the call does.
 */
final class RemoteNode {

  static final long SLOW = 1000;
  static final long CONFLICT = 409;
  static final long BROKEN = 500;
  static final long LARGE = 99_999_999;
  static final int SLOW_CALLS = 8;

  private RemoteNode() {}

  public static void main(String[] args) throws Exception {
    Wire.keepDecimalsExact();
    var cluster = ConfigLoader.load(System.getenv()).cluster();
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setEventBusOptions(Clustering.bus(cluster)))
            .withClusterManager(Clustering.manager(cluster))
            .buildClustered()
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    Probe.answer(vertx);
    vertx
        .deployVerticle(
            new Host(), new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .toCompletionStage()
        .toCompletableFuture()
        .get();
    System.out.println("remote node is up");
  }

  private static final class Host extends AbstractVerticle {
    @Override
    public void start(Promise<Void> started) {
      ServiceHost host =
          new ServiceHost(
              vertx,
              "content",
              Set.of("content"),
              new ServiceHost.Limits(100, 2000),
              new SimpleMeterRegistry());
      host.serve(TrialService.class, new Trials(vertx));
      host.registered().onComplete(started);
    }
  }

  private record Trials(Vertx vertx, AtomicInteger running, AtomicInteger most)
      implements TrialService {

    Trials(Vertx vertx) {
      this(vertx, new AtomicInteger(), new AtomicInteger());
    }

    @Override
    public Future<TrialContent> get(Caller caller, TrialGetRequest request) {
      if (request.id() == CONFLICT) {
        throw Errors.of(ErrorCode.CONFLICT, "reason", "EDIT_CONFLICT", "current_version", 7);
      }
      if (request.id() == BROKEN) {
        throw new IllegalStateException("secret of the other node");
      }
      if (request.id() >= SLOW && request.id() < SLOW + SLOW_CALLS) {
        return Future.succeededFuture(trial(request.id(), "most at once " + slow(), "0.01"));
      }
      String price = request.id() == LARGE ? "99999999.99" : "29.90";
      return Future.succeededFuture(trial(request.id(), caller.requestId(), price));
    }

    /** Waits without blocking others; answers how many calls ran at the same time at most. */
    private int slow() {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      Promise<Void> pause = Promise.promise();
      vertx.setTimer(700, due -> pause.complete());
      pause.future().await();
      running.decrementAndGet();
      return most.get();
    }

    private static TrialContent trial(long id, String title, String price) {
      return new TrialContent(
          id,
          title,
          ContentType.ARTICLE,
          "<p>试读</p>",
          null,
          Paywall.builder()
              .required("purchase")
              .price(new BigDecimal(price))
              .currency("CNY")
              .plans(List.of())
              .hiddenWords(10)
              .build(),
          new PreviewSettings("percent", 20, 60, true));
    }
  }
}
