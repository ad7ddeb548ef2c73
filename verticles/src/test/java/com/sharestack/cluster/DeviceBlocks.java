package com.sharestack.cluster;

import com.sharestack.cluster.Answers.Answer;
import com.sharestack.cluster.History.Edge;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Whom one device's user blocks: one change after the other, each until it is answered. */
final class DeviceBlocks {

  private static final int MOST_BLOCKED = 2;

  private final History history;
  private final RestDoor rest;
  private final Device.Owner owner;
  private final Map<Long, History.Block> blocking = new HashMap<>();
  private Change open;

  private record Change(long peer, boolean begins, History.Block block) {}

  DeviceBlocks(History history, RestDoor rest, Device.Owner owner) {
    this.history = history;
    this.rest = rest;
    this.owner = owner;
  }

  /** Whether a change waits for its answer. */
  boolean isOpen() {
    return open != null;
  }

  /** Blocks somebody or ends a block, unless a change is open. */
  void change() {
    if (open != null) {
      return;
    }
    Random random = owner.random();
    if (blocking.size() >= MOST_BLOCKED || !blocking.isEmpty() && random.nextBoolean()) {
      List<Long> blocked = List.copyOf(new java.util.TreeSet<>(blocking.keySet()));
      long peer = blocked.get(random.nextInt(blocked.size()));
      History.Block block = blocking.remove(peer);
      block.untilMillis = System.currentTimeMillis();
      open = new Change(peer, false, block);
    } else {
      long peer = owner.peers().get(random.nextInt(owner.peers().size()));
      if (blocking.containsKey(peer)) {
        return;
      }
      open = new Change(peer, true, history.blockTried(new Edge(owner.userId(), peer)));
    }
    settle();
  }

  /** Asks for the open change, again or for the first time. */
  void settle() {
    Answer answer =
        open.begins()
            ? rest.ask("POST", "/blocks", new JsonObject().put("target_user_id", open.peer()))
            : rest.ask("DELETE", "/blocks/" + open.peer(), null);
    if (answer.unclear()) {
      return;
    }
    if (!answer.done()) {
      history.violated(owner.device(), "block refused: " + answer);
    } else if (open.begins()) {
      open.block().fromMillis = System.currentTimeMillis();
      blocking.put(open.peer(), open.block());
      history.count("blocks acked");
    }
    open = null;
  }
}
