package com.sharestack.platform.health;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What must hold for this node to take requests, each check under a name operators read. */
public final class Health {

  private static final long CHECK_SECONDS = 2;
  private final Map<String, Supplier<Future<Void>>> checks = new ConcurrentSkipListMap<>();
  private volatile boolean draining;

  /** A check that fails, or takes longer than two seconds, makes the node unready. */
  public void check(String name, Supplier<Future<Void>> check) {
    checks.put(name, check);
  }

  /** From now on the node says that it is not ready, so that nothing new is sent to it. */
  public void drain() {
    draining = true;
  }

  public boolean draining() {
    return draining;
  }

  /**
   * @param checks name -> "up", or why not
   */
  public record Report(boolean ready, JsonObject checks) {}

  public Future<Report> report() {
    Map<String, Future<Void>> running = new TreeMap<>();
    checks.forEach((name, check) -> running.put(name, run(check)));
    return Future.join(List.copyOf(running.values()))
        .transform(all -> Future.succeededFuture(reportOf(all.succeeded(), running)));
  }

  private Report reportOf(boolean allUp, Map<String, Future<Void>> done) {
    JsonObject found = new JsonObject();
    done.forEach((name, check) -> found.put(name, check.succeeded() ? "up" : why(check.cause())));
    boolean leaving = draining;
    if (leaving) {
      found.put("node", "draining");
    }
    return new Report(allUp && !leaving, found);
  }

  private static String why(Throwable down) {
    return down.getMessage() == null ? down.getClass().getSimpleName() : down.getMessage();
  }

  private static Future<Void> run(Supplier<Future<Void>> check) {
    try {
      return check.get().timeout(CHECK_SECONDS, TimeUnit.SECONDS);
    } catch (RuntimeException broken) {
      return Future.failedFuture(broken);
    }
  }
}
