package com.sharestack.sandbox;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What is planted, in order; and the frequency limit. */
final class Faults {

  private static final int MAX = 1_000;

  private final List<Fault> planted = new ArrayList<>();
  private final SandboxOptions options;
  private final TwinClock clock;
  private final java.util.Map<String, Integer> calls = new java.util.HashMap<>();
  private Random random;
  private int limit;
  private long second;

  Faults(TwinClock clock, SandboxOptions options) {
    this.clock = clock;
    this.options = options;
    reset(options.seed());
  }

  void reset(long seed) {
    planted.clear();
    calls.clear();
    random = new Random(seed);
    limit = options.callsPerSecond();
  }

  void limit(int callsPerSecond) {
    limit = callsPerSecond;
  }

  void plant(Fault fault) {
    if (planted.size() >= MAX) {
      throw new IllegalArgumentException("more than " + MAX + " faults");
    }
    planted.add(fault);
  }

  void clear() {
    planted.clear();
  }

  /** The first fault that hits this call; it counts as used. */
  Optional<Fault> take(TwinRail rail, String operation) {
    for (int i = 0; i < planted.size(); i++) {
      Fault fault = planted.get(i);
      if (fault.concerns(rail, operation)
          && (fault.probability() >= 1 || random.nextDouble() < fault.probability())) {
        if (fault.times() <= 1) {
          planted.remove(i);
        } else {
          planted.set(i, fault.used());
        }
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  /**
   * @throws TwinError above the allowed calls of this second
   */
  void count(TwinRail rail, String operation) {
    long now = clock.wire().getEpochSecond();
    if (now != second) {
      second = now;
      calls.clear();
    }
    if (calls.merge(rail.code() + "/" + operation, 1, Integer::sum) > limit) {
      throw new TwinError(TwinError.Kind.FREQUENCY);
    }
  }

  JsonArray json() {
    JsonArray all = new JsonArray();
    planted.forEach(fault -> all.add(fault.json()));
    return all;
  }
}
