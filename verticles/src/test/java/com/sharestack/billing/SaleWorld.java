package com.sharestack.billing;

import com.sharestack.billing.SaleTruth.Line;
import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.SaleTerms;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserType;
import com.sharestack.platform.money.Money;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Where a history of sales plays: people, articles, rails, a database, and the process that sells,
 * which may die at any request and is followed by another one. Time stands still unless moved, but
 * for the milliseconds that pass.
 */
final class SaleWorld implements AutoCloseable {

  static final int CREATORS = 3;
  private static final int READERS = 24;

  final Random random;
  final String name;
  final TestRails rails = new TestRails();
  final SaleTruth truth;
  final List<Caller> creators = new ArrayList<>();
  final List<Caller> readers = new ArrayList<>();
  final Caller staff = BillingNode.caller(9_001L, "reader", false, List.of("admin"));
  final Map<Long, SaleTerms> articles = new ConcurrentHashMap<>();
  final Map<String, Integer> tally = new TreeMap<>();
  final Map<String, String> environment;
  private final Map<Long, UserCard> people = new ConcurrentHashMap<>();
  private final List<Thread> burials = new ArrayList<>();
  private SaleNode node;
  private int keys;

  SaleWorld(long seed) {
    random = new Random(seed);
    name = "sales.seed=" + seed;
    environment = TestNode.environment("sale_history");
    List<String> channels = PaidRails.environment(rails);
    for (int i = 0; i < channels.size(); i += 2) {
      environment.put(channels.get(i), channels.get(i + 1));
    }
    environment.put("SHARESTACK_RAILS_CALL_TIMEOUT_MILLIS", "1500");
    truth = new SaleTruth(environment.get("SHARESTACK_MYSQL_URL"));
    rails.control("/reset", new JsonObject().put("seed", seed));
    rails.control("/settings", new JsonObject().put("calls_per_second", 1_000_000));
    for (long i = 1; i <= CREATORS; i++) {
      creators.add(person(2_000 + i, "creator", UserType.CREATOR, true));
    }
    for (long i = 1; i <= READERS; i++) {
      readers.add(person(5_000 + i, "reader", UserType.READER, false));
    }
    person(staff.userId(), "reader", UserType.READER, false);
    for (long i = 1; i <= 2 * CREATORS; i++) {
      offer(700 + i, 400 + 350 * i, i % 2 == 0 ? 30 : 0, true);
    }
    restart();
  }

  private Caller person(long id, String type, UserType userType, boolean verified) {
    people.put(
        id,
        UserCard.builder()
            .userId(id)
            .username("user_" + id)
            .displayName("用户" + id)
            .userType(userType)
            .isVerified(verified)
            .status(AccountStatus.ACTIVE)
            .build());
    return BillingNode.caller(id, type, verified, List.of());
  }

  /** Puts an article on sale on these terms, or off it. */
  void offer(long article, long fen, int accessDays, boolean forSale) {
    articles.put(
        article,
        SaleTerms.builder()
            .articleId(article)
            .authorId(2_001 + article % CREATORS)
            .title("文章" + article)
            .contentType(ContentType.ARTICLE)
            .forSale(forSale)
            .price(Money.ofFen(fen))
            .accessDays(accessDays)
            .build());
  }

  SaleNode node() {
    return node;
  }

  Instant now() {
    return rails.clock.instant();
  }

  /** Of the process, of the rails, of everybody. */
  void advance(Duration by) {
    rails.clock.advance(by);
    rails.control("/clock", new JsonObject());
  }

  void count(String what) {
    tally.merge(what, 1, Integer::sum);
  }

  <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  Optional<Line> anyLine(String sql, Object... args) {
    List<Line> found = truth.lines(sql, args);
    return found.isEmpty() ? Optional.empty() : Optional.of(any(found));
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  String rail() {
    return random.nextBoolean() ? "wechat" : "alipay";
  }

  String newKey() {
    return "history-" + ++keys;
  }

  /** The caller with the key and what the gateway hashes of his request. */
  Caller keyed(Caller caller, String key, String request) {
    if (key == null) {
      return caller;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(request.getBytes(StandardCharsets.UTF_8));
      return BillingNode.withKey(caller, key, HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Something a caller may ask for, more than once.
   *
   * @param key null without one
   * @param send answers the id of the order, payment or refund
   */
  record Request(String what, Caller caller, String key, Function<SaleNode, Future<String>> send) {}

  /** Asks; empty when it was refused, or the process died over it. */
  Optional<String> ask(Request request) {
    return askAtOnce(List.of(request)).getFirst();
  }

  /** Asks all of it at the same time. */
  List<Optional<String>> askAtOnce(List<Request> requests) {
    SaleNode asked = node;
    List<Optional<String>> answers = new ArrayList<>();
    List<Future<String>> sent = new ArrayList<>();
    try {
      for (Request request : requests) {
        sent.add(asked.node.await(() -> request.send().apply(asked)));
      }
      for (int i = 0; i < sent.size(); i++) {
        answers.add(answer(asked, requests.get(i).what(), sent.get(i)));
      }
    } finally {
      afterwards();
    }
    return answers;
  }

  private Optional<String> answer(SaleNode asked, String what, Future<String> answer) {
    try {
      return Optional.of(asked.await(answer));
    } catch (RuntimeException failure) {
      requireRefusal(asked, what, failure);
      return Optional.empty();
    }
  }

  /** What callers may be told; a process that dies may say anything. */
  private void requireRefusal(SaleNode asked, String what, RuntimeException failure) {
    if (asked.dead()) {
      return;
    }
    if (!(failure instanceof ServiceException refused) || refused.failureCode() == 500) {
      throw new AssertionError(name + ": " + what, failure);
    }
    count("refused " + what.split(" ")[0] + " " + refused.getMessage());
  }

  /** Background work, which survives whatever it meets. */
  void run(String what, Runnable job) {
    SaleNode at = node;
    try {
      job.run();
    } catch (RuntimeException failure) {
      requireRefusal(at, what, failure);
    } finally {
      afterwards();
    }
  }

  /** Work of the test itself: done again by the next incarnation when one dies over it. */
  <T> T surely(Function<SaleNode, T> work) {
    while (true) {
      SaleNode at = node;
      try {
        T done = work.apply(at);
        if (!at.dead()) {
          return done;
        }
      } catch (RuntimeException failure) {
        if (!at.dead()) {
          throw failure;
        }
      }
      afterwards();
    }
  }

  /** Another incarnation takes over from one that died. */
  void afterwards() {
    if (node.dead()) {
      count("kills");
      restart();
    }
  }

  /** Also without a death: breakers, caches and counters in memory are new. */
  void restart() {
    if (node != null) {
      burials.add(node.bury());
    }
    node = new SaleNode(environment, rails, people, articles);
  }

  @Override
  public void close() {
    burials.add(node.bury());
    for (Thread burial : burials) {
      try {
        burial.join(Duration.ofSeconds(20));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    truth.close();
    rails.close();
  }
}
