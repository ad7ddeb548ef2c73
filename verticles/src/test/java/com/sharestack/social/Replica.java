package com.sharestack.social;

import com.sharestack.contract.Caller;
import com.sharestack.contract.EventsPage;
import com.sharestack.contract.MessageEvent;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A device that follows the client rule: events in order, repeats ignored, nothing else known. */
final class Replica {

  final Caller user;
  final String device;
  long last;

  /** Conversation -> conv_seq -> message as last told. */
  final Map<Long, TreeMap<Long, JsonObject>> messages = new HashMap<>();

  /** Messages told as deleted instead of arrived. */
  private final Set<Long> deleted = new HashSet<>();

  /** Conversation -> how far the peer has read, as told by receipts. */
  final Map<Long, Long> peerRead = new HashMap<>();

  Replica(Caller user, String device) {
    this.user = user;
    this.device = device;
  }

  /** What arrived of a conversation, by conv_seq; empty when a block took all of it away before. */
  TreeMap<Long, JsonObject> told(long conversation) {
    return messages.getOrDefault(conversation, new TreeMap<>());
  }

  void apply(EventsPage page) {
    page.events().forEach(this::apply);
  }

  private void apply(MessageEvent event) {
    if (event.seq() <= last) {
      return;
    }
    if (event.seq() != last + 1) {
      throw new AssertionError(device + " got " + event.seq() + " after " + last);
    }
    last = event.seq();
    JsonObject data = event.data();
    switch (event.type()) {
      case "message.new" -> arrived(data.getJsonObject("message"));
      case "message.deleted" ->
          data.getJsonArray("message_ids").forEach(id -> deleted.add(((Number) id).longValue()));
      case "message.recalled" -> recalled(data);
      case "receipt" -> receipt(data);
      default -> {
        // blocks and the like: counted, shown elsewhere
      }
    }
  }

  /** Of a message this device knows, or was told of as taken away by a block before it came. */
  private void recalled(JsonObject data) {
    JsonObject known = told(data.getLong("conversation_id")).get(data.getLong("conv_seq"));
    if (known != null) {
      known.putNull("content").put("is_recalled", true);
    } else if (!deleted.contains(data.getLong("message_id"))) {
      throw new AssertionError(device + " was told of a recall of what it never heard of: " + data);
    }
  }

  private void arrived(JsonObject message) {
    JsonObject before =
        messages
            .computeIfAbsent(message.getLong("conversation_id"), id -> new TreeMap<>())
            .put(message.getLong("conv_seq"), message);
    if (before != null) {
      throw new AssertionError(device + " got a message twice: " + message);
    }
  }

  private void receipt(JsonObject data) {
    if (data.getString("kind").equals("read") && data.getLong("user_id") != user.userId()) {
      long conversation = data.getLong("conversation_id");
      long upTo = data.getLong("up_to_seq");
      if (upTo <= peerRead.getOrDefault(conversation, 0L)) {
        throw new AssertionError(device + " was told of a read pointer that went back");
      }
      peerRead.put(conversation, upTo);
    }
  }
}
