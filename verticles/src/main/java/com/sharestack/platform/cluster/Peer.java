package com.sharestack.platform.cluster;

import java.util.Set;

/**
 * What this node knows of another one that membership lists. Times are of {@link
 * System#nanoTime()}; used on one thread.
 */
final class Peer {

  final String id;
  private final long sinceNanos;
  private String name;
  private long answeredNanos;
  private long heardNanos;
  private long heardSinceNanos;
  private boolean heard;
  private boolean answered;
  private boolean countsUs = true;
  private long uncountedNanos;
  private boolean leaving;
  private Set<String> roles = Set.of();
  private Set<String> unreached = Set.of();

  Peer(String id, String name, long nowNanos) {
    this.id = id;
    this.name = name;
    this.sinceNanos = nowNanos;
  }

  /**
   * @param members ids of the nodes it counts as members
   * @param unreached ids of the nodes that do not answer it
   */
  record Pong(
      String name,
      Set<String> roles,
      Set<String> members,
      Set<String> unreached,
      boolean leaving) {}

  void answered(Pong pong, String ourId, long nowNanos) {
    answered = true;
    answeredNanos = nowNanos;
    name = pong.name();
    roles = pong.roles();
    unreached = pong.unreached();
    leaving = pong.leaving();
    boolean counts = pong.members().contains(ourId);
    if (countsUs && !counts) {
      uncountedNanos = nowNanos;
    }
    countsUs = counts;
  }

  /**
   * Its ping came in.
   *
   * @param gapNanos after this long without one, hearing it begins anew
   */
  void heard(long nowNanos, long gapNanos) {
    if (!heardWithin(gapNanos, nowNanos)) {
      heardSinceNanos = nowNanos;
    }
    heard = true;
    heardNanos = nowNanos;
  }

  String name() {
    return name;
  }

  Set<String> roles() {
    return roles;
  }

  boolean leaving() {
    return leaving;
  }

  /** Whether it cannot reach {@code other}, by its own word. */
  boolean misses(String other) {
    return unreached.contains(other);
  }

  boolean everAnswered() {
    return answered;
  }

  long silentNanos(long nowNanos) {
    return nowNanos - (answered ? answeredNanos : sinceNanos);
  }

  boolean heardWithin(long nanos, long nowNanos) {
    return heard && nowNanos - heardNanos <= nanos;
  }

  /** How long its pings have been coming in one after the other. */
  long heardForNanos(long nowNanos) {
    return nowNanos - heardSinceNanos;
  }

  boolean uncountedFor(long nanos, long nowNanos) {
    return !countsUs && nowNanos - uncountedNanos > nanos;
  }
}
