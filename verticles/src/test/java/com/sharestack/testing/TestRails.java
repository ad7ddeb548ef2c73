package com.sharestack.testing;

import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Inbound;
import com.sharestack.billing.rails.Rail;
import com.sharestack.billing.rails.Rails;
import com.sharestack.billing.rails.RailsConfig;
import com.sharestack.billing.rails.Verdict;
import com.sharestack.platform.config.Config;
import com.sharestack.sandbox.SandboxKeys;
import com.sharestack.sandbox.SandboxOptions;
import com.sharestack.sandbox.SandboxVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The sandbox, our rails pointed at it, and a merchant that receives its notifications. */
public final class TestRails implements AutoCloseable {

  /** Made once: RSA keys take their time. */
  public static final SandboxKeys KEYS = SandboxKeys.generate();

  public record Received(Channel channel, Inbound inbound, Verdict verdict) {}

  public final Vertx vertx = Vertx.vertx();
  public final SettableClock clock = new SettableClock();
  public final Queue<Received> received = new ConcurrentLinkedQueue<>();
  public final Rails rails;
  private final SandboxVerticle sandbox;
  private final HttpServer merchant;
  private final java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();

  /** What the merchant answers: status and body; null = closes the connection. */
  public volatile Function<Received, com.sharestack.billing.rails.Answer> answer =
      got ->
          got.verdict() instanceof Verdict.Authentic
              ? rail(got.channel()).acknowledgement()
              : rail(got.channel()).refusal(401, "验签失败");

  public TestRails() {
    this(SandboxOptions.DEFAULT, RailsConfig.Limits.DEFAULT);
  }

  public TestRails(SandboxOptions options, RailsConfig.Limits limits) {
    merchant = await(vertx.createHttpServer().requestHandler(this::receive).listen(0, "127.0.0.1"));
    sandbox = new SandboxVerticle(new Config.Endpoint("127.0.0.1", 0), KEYS, options, clock);
    await(vertx.deployVerticle(sandbox));
    rails = Rails.create(vertx, config(limits), clock);
  }

  public RailsConfig config(RailsConfig.Limits limits) {
    String origin = origin();
    return new RailsConfig(
        new RailsConfig.Wechat(
            origin,
            SandboxKeys.WECHAT_APP_ID,
            SandboxKeys.MERCHANT_ID,
            SandboxKeys.MERCHANT_SERIAL,
            KEYS.merchantKey(),
            KEYS.apiV3Key(),
            KEYS.platformKeys(),
            notifyUrl(Channel.WECHAT),
            List.of(origin)),
        new RailsConfig.Alipay(
            origin + "/gateway.do",
            SandboxKeys.ALIPAY_APP_ID,
            SandboxKeys.SELLER_ID,
            KEYS.appKey(),
            KEYS.alipayPublicKey(),
            notifyUrl(Channel.ALIPAY),
            List.of(origin)),
        limits);
  }

  public String origin() {
    return "http://127.0.0.1:" + sandbox.port();
  }

  public int smtpPort() {
    return sandbox.smtpPort();
  }

  public String notifyUrl(Channel channel) {
    return "http://127.0.0.1:" + merchant.actualPort() + "/webhooks/" + channel.code();
  }

  public Rail rail(Channel channel) {
    return rails.rail(channel).orElseThrow();
  }

  private void receive(HttpServerRequest request) {
    Channel channel = request.path().endsWith("alipay") ? Channel.ALIPAY : Channel.WECHAT;
    request
        .body()
        .onSuccess(
            body -> {
              Inbound inbound = new Inbound(request.headers(), body);
              Received got = new Received(channel, inbound, rail(channel).verify(inbound));
              received.add(got);
              com.sharestack.billing.rails.Answer said = answer.apply(got);
              if (said == null) {
                request.connection().close();
                return;
              }
              request
                  .response()
                  .setStatusCode(said.status())
                  .putHeader("Content-Type", said.contentType())
                  .end(Buffer.buffer(said.body()));
            });
  }

  /** POST to the control API; fails unless it answers 200. */
  public JsonObject control(String path, JsonObject body) {
    HttpResponse<String> response =
        http(
            HttpRequest.newBuilder(URI.create(origin() + "/control" + path))
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build());
    if (response.statusCode() != 200) {
      throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
    }
    return new JsonObject(response.body());
  }

  public HttpResponse<String> get(String pathOrUrl) {
    String url = pathOrUrl.startsWith("http") ? pathOrUrl : origin() + pathOrUrl;
    return http(HttpRequest.newBuilder(URI.create(url)).build());
  }

  public HttpResponse<String> http(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public JsonObject pay(String outTradeNo) {
    return control("/payments/" + outTradeNo + "/pay", new JsonObject());
  }

  public JsonObject pay(String outTradeNo, JsonObject notify) {
    return control("/payments/" + outTradeNo + "/pay", new JsonObject().put("notify", notify));
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(rails.close());
    await(vertx.close());
  }
}
