package com.sharestack.platform.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * When this node must not be sent requests because of what lies between it and another one. A node
 * that died is no reason: membership takes it out. A connection that works in one direction only is
 * one: nothing else ever notices it, and every call over it times out. A node is asked from the
 * moment membership lists it, but can answer only from its own first ping on, so it is judged from
 * then.
 *
 * @param missedNanos without an answer for this long a peer is not reached
 * @param silentNanos longer than membership keeps a dead node: who is listed after it but silent is
 *     cut off, not dead
 */
record PeerRules(long missedNanos, long silentNanos) {

  void heard(Peer peer, long nowNanos) {
    peer.heard(nowNanos, missedNanos);
  }

  boolean reached(Peer peer, long nowNanos) {
    return peer.silentNanos(nowNanos) <= missedNanos;
  }

  /** Sentences, one per peer that stands against this node; empty = ready. */
  List<String> against(Collection<Peer> peers, long nowNanos) {
    List<String> reasons = new ArrayList<>();
    boolean alone = peers.size() > 1 && peers.stream().noneMatch(p -> reached(p, nowNanos));
    for (Peer peer : peers) {
      String reason = reason(peer, peers, alone, nowNanos);
      if (reason != null) {
        reasons.add("node " + peer.name() + " " + reason);
      }
    }
    return reasons;
  }

  private String reason(Peer peer, Collection<Peer> peers, boolean alone, long nowNanos) {
    if (peer.leaving()) {
      return null;
    }
    if (reached(peer, nowNanos)) {
      return peer.uncountedFor(silentNanos, nowNanos)
          ? "answers but does not count this node as a member"
          : null;
    }
    if (!alone && missedByOthersToo(peer, peers, nowNanos)) {
      return null;
    }
    if (peer.heardWithin(missedNanos, nowNanos)) {
      // who has just begun to ping, or goes on after a pause, was asked too early until now
      return peer.heardForNanos(nowNanos) > missedNanos
          ? "is heard but does not answer over the bus"
          : null;
    }
    boolean lasting = peer.silentNanos(nowNanos) > silentNanos;
    if (alone && peer.everAnswered() || lasting) {
      return "is a member but silent on the bus";
    }
    return null;
  }

  /** Then it is that node which is cut off, and it says so itself. */
  private boolean missedByOthersToo(Peer peer, Collection<Peer> peers, long nowNanos) {
    List<Peer> witnesses =
        peers.stream().filter(other -> other != peer && reached(other, nowNanos)).toList();
    return !witnesses.isEmpty() && witnesses.stream().allMatch(other -> other.misses(peer.id));
  }
}
