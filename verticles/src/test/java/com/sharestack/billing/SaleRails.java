package com.sharestack.billing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sharestack.billing.SaleTruth.Line;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Inbound;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ChannelNotification;
import com.sharestack.contract.WebhooksReceiveRequest;
import com.sharestack.platform.service.Callers;
import com.sharestack.testing.TestRails;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Payers at the rails, and the rails' letters: delivered, late, repeated, at once, forged, lost.
 * Money that arrives when nobody would ask about it any more is told of until it is acknowledged,
 * as the rails do.
 */
final class SaleRails {

  private static final int TRIES = 10;
  private static final Caller RAIL = Callers.system("rail");

  private final SaleWorld world;
  private final List<Letter> letters = new ArrayList<>();

  /**
   * @param at when it was signed
   */
  private record Letter(Channel channel, Inbound inbound, Instant at) {}

  SaleRails(SaleWorld world) {
    this.world = world;
  }

  /** Somebody pays: what is open in most cases; else what is over, or paid already. */
  void pay() {
    boolean open = !world.oneIn(5);
    world
        .anyLine(
            """
            SELECT public_id, payment_method, out_trade_no, placed, status, amount_fen, transaction_id
            FROM payments
            WHERE duplicate_of IS NULL AND (status IN ('pending', 'processing')) = ?
              AND (status IN ('pending', 'processing', 'completed') OR transaction_id IS NULL)
              AND status NOT IN ('partial_refunded', 'refunded')
            ORDER BY payment_id DESC LIMIT 25
            """,
            open)
        .ifPresent(this::pay);
  }

  /** What is open of the order, or the payment with this id. */
  void payFor(String id) {
    world
        .anyLine(
            """
            SELECT public_id, payment_method, out_trade_no, placed, status, amount_fen, transaction_id
            FROM payments WHERE live_key = 1 AND (public_id = ? OR order_id = ?)
            """,
            id,
            id)
        .ifPresent(this::pay);
  }

  private void pay(Line payment) {
    boolean open = payment.text("status").matches("pending|processing");
    if (!open(payment)) {
      return;
    }
    JsonObject how = new JsonObject().put("force", true);
    boolean silent = false;
    if ("completed".equals(payment.text("status"))) {
      how.put("again", true);
    } else if (world.oneIn(15)) {
      how.put("amount_fen", 1 + world.random.nextInt(4_000));
    } else if (open && world.oneIn(5)) {
      silent = true;
      how.put("notify", new JsonObject().put("times", 0));
    }
    world.rails.received.clear();
    String path =
        "/payments/%s/pay?rail=%s"
            .formatted(payment.text("out_trade_no"), payment.text("payment_method"));
    try {
      world.rails.control(path, how);
    } catch (AssertionError refused) {
      return; // the rail does not take it: a payer cannot do that
    }
    world.count(how.containsKey("amount_fen") ? "paid another sum" : open ? "paid" : "paid late");
    for (Letter letter : received()) {
      if (!open) {
        untilAcknowledged(letter);
      } else if (!silent && world.random.nextInt(10) < 6) {
        deliver(letter);
      }
      letters.add(letter);
    }
  }

  /** The payer has the code or the page before him; Alipay knows the order from then on. */
  private boolean open(Line payment) {
    if (!payment.has("placed")) {
      return false;
    }
    String page = new JsonObject(payment.text("placed")).getString("payUrl");
    if (page != null) {
      URI signed = URI.create(page);
      String query = signed.getRawQuery() == null ? "" : "?" + signed.getRawQuery();
      try {
        world.rails.get(signed.getRawPath() + query);
      } catch (AssertionError fault) {
        return false; // the page does not come
      }
    }
    return true;
  }

  private List<Letter> received() {
    List<Letter> came = new ArrayList<>();
    for (TestRails.Received one : List.copyOf(world.rails.received)) {
      came.add(new Letter(one.channel(), one.inbound(), world.now()));
    }
    world.rails.received.clear();
    return came;
  }

  /** One of the letters of late, once more or for the first time, or a forgery of it. */
  void deliverAny() {
    letters.removeIf(old -> Duration.between(old.at(), world.now()).compareTo(signed()) > 0);
    if (letters.isEmpty()) {
      return;
    }
    Letter letter = world.any(letters);
    if (world.oneIn(8)) {
      forge(letter);
    } else if (world.oneIn(4)) {
      atOnce(letter, 2 + world.random.nextInt(4));
    } else {
      deliver(letter);
    }
  }

  /** How long a letter's signature is taken. */
  private static Duration signed() {
    return Duration.ofSeconds(280);
  }

  /** With a wrong byte, or another sum. */
  private void forge(Letter letter) {
    byte[] bytes = letter.inbound().body().getBytes();
    if (letter.channel() == Channel.ALIPAY) {
      bytes = letter.inbound().body().toString().replace("_amount=", "_amount=9").getBytes(UTF_8);
    } else {
      bytes[world.random.nextInt(bytes.length)] ^= 1;
    }
    Letter forged =
        new Letter(
            letter.channel(),
            new Inbound(letter.inbound().headers(), Buffer.buffer(bytes)),
            letter.at());
    world.count("forged");
    if (deliver(forged).filter("200"::equals).isPresent()) {
      throw new AssertionError(world.name + ": a forged letter was taken: " + letter);
    }
  }

  private void atOnce(Letter letter, int times) {
    List<SaleWorld.Request> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.add(request(letter));
    }
    world.count("letters at once");
    world.askAtOnce(all);
  }

  private Optional<String> deliver(Letter letter) {
    world.count("letters");
    return world.ask(request(letter));
  }

  private void untilAcknowledged(Letter letter) {
    for (int i = 0; i < TRIES; i++) {
      if (deliver(letter).filter("200"::equals).isPresent()) {
        return;
      }
    }
    throw new AssertionError(world.name + ": never acknowledged: " + letter);
  }

  private SaleWorld.Request request(Letter letter) {
    Map<String, String> headers = new HashMap<>();
    letter.inbound().headers().forEach(one -> headers.put(one.getKey(), one.getValue()));
    ChannelNotification notification =
        new ChannelNotification(
            letter.channel().code(),
            headers,
            Base64.getEncoder().encodeToString(letter.inbound().body().getBytes()),
            "203.0.113.9");
    return new SaleWorld.Request(
        "webhooks.receive", RAIL, null, node -> receive(node, notification));
  }

  private Future<String> receive(SaleNode node, ChannelNotification notification) {
    return node.webhooks
        .receive(RAIL, new WebhooksReceiveRequest(notification))
        .map(
            answer -> {
              if (answer.status() == 500 && !node.dead()) {
                world.count("letters not taken");
              }
              return String.valueOf(answer.status());
            });
  }

  /** Everything the rails have to say of every payment, signed anew, until it is acknowledged. */
  void tellAll() {
    for (Line payment :
        world.truth.lines(
            """
            SELECT payment_method, out_trade_no FROM payments WHERE duplicate_of IS NULL
            ORDER BY payment_id DESC LIMIT 400
            """)) {
      world.rails.received.clear();
      try {
        world.rails.control(
            "/payments/%s/notify?rail=%s"
                .formatted(payment.text("out_trade_no"), payment.text("payment_method")),
            new JsonObject().put("times", 1));
      } catch (AssertionError unpaid) {
        continue;
      }
      received().forEach(this::untilAcknowledged);
    }
  }

  /** What the rails wrote by themselves, of refunds: some of it comes. */
  void refundLetters() {
    for (Letter letter : received()) {
      if (world.random.nextBoolean()) {
        deliver(letter);
      }
    }
  }

  void fault() {
    String[] kinds = {"lost_answer", "down", "garbage", "system_error", "bad_signature"};
    JsonObject fault = new JsonObject().put("times", 1 + world.random.nextInt(3));
    if (world.oneIn(12)) {
      fault.put("kind", "slow").put("delay_ms", 2_000).put("times", 1);
    } else {
      fault.put("kind", kinds[world.random.nextInt(kinds.length)]);
    }
    world.count("faults");
    world.rails.control("/faults", fault);
  }

  void well() {
    world.rails.http(
        java.net.http.HttpRequest.newBuilder(URI.create(world.rails.origin() + "/control/faults"))
            .DELETE()
            .build());
  }
}
