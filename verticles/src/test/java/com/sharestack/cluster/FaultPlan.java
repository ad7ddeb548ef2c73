package com.sharestack.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What goes wrong, in which order: a function of the seed alone. Each round has every kind once.
 */
final class FaultPlan {

  static final int NODES = 3;

  enum Fault {
    /** SIGKILL, and a new start. */
    KILL_NODE,
    /** SIGTERM, and a new start. */
    TERMINATE_NODE,
    /** What other nodes say to this one is held back, and arrives late. */
    STALL_BUS,
    /** Redis ends and comes back empty. */
    LOSE_REDIS,
    /** SIGKILL to the database, and a new start. */
    KILL_MYSQL
  }

  /**
   * @param node index of the node it happens to; the data services have none
   * @param beforeMillis quiet time before it
   * @param holdMillis how long it lasts before it is mended
   */
  record Step(Fault fault, int node, long beforeMillis, long holdMillis) {
    @Override
    public String toString() {
      boolean ofNode = fault != Fault.LOSE_REDIS && fault != Fault.KILL_MYSQL;
      return fault
          + (ofNode ? " " + node : "")
          + " +"
          + beforeMillis
          + " for "
          + holdMillis
          + " ms";
    }
  }

  private FaultPlan() {}

  static List<Step> of(long seed, int rounds) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<Fault> kinds = new ArrayList<>(List.of(Fault.values()));
      Collections.shuffle(kinds, random);
      for (Fault fault : kinds) {
        int node = random.nextInt(NODES);
        long before = 300 + random.nextInt(900);
        // a stall ends before or after the calls that wait for it are given up
        long hold =
            fault == Fault.STALL_BUS ? 1_000 + random.nextInt(5_500) : 200 + random.nextInt(1_300);
        steps.add(new Step(fault, node, before, hold));
      }
    }
    return steps;
  }
}
