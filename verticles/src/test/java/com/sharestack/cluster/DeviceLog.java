package com.sharestack.cluster;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What one device has stored: its user's events in order, by the client rule of the protocol. It
 * reports every frame that contradicts the contract or what the device was told before.
 */
final class DeviceLog {

  private final History history;
  private final long userId;
  private final String device;

  /** Event 1 first. */
  private final List<Event> events = new CopyOnWriteArrayList<>();

  /** Conversation -> conv_seq -> message as last told. */
  private final Map<Long, TreeMap<Long, Message>> messages = new HashMap<>();

  private final Set<Long> deleted = new HashSet<>();
  private final Map<Long, Long> removed = new HashMap<>();
  private final Map<Long, Boolean> blocked = new HashMap<>();
  private final Map<String, Long> marks = new HashMap<>();

  /**
   * @param messageId of message.*, else null
   */
  record Event(String type, Long messageId) {}

  /** A message as this device shows it. */
  static final class Message {
    final long id;
    final String clientMsgId;
    String content;

    Message(long id, String clientMsgId, String content) {
      this.id = id;
      this.clientMsgId = clientMsgId;
      this.content = content;
    }
  }

  DeviceLog(History history, long userId, String device) {
    this.history = history;
    this.userId = userId;
    this.device = device;
  }

  long last() {
    return events.size();
  }

  List<Event> events() {
    return events;
  }

  Map<Long, TreeMap<Long, Message>> messages() {
    return messages;
  }

  /** User -> whether this user blocks him, as last told. */
  Map<Long, Boolean> blocked() {
    return blocked;
  }

  /** How far the user has read, as his own receipts tell. */
  long ownRead(long conversation) {
    return marks.getOrDefault("read/" + conversation + "/" + userId, 0L);
  }

  /** Applies the events of a sync. */
  void applyPage(JsonObject page, long askedNanos) {
    for (Object each : page.getJsonArray("events")) {
      JsonObject event = (JsonObject) each;
      apply(event.getLong("seq"), event.getString("type"), event.getJsonObject("data"), askedNanos);
    }
  }

  /**
   * @param askedNanos when the frame was asked for: hello of its connection, start of its request
   */
  void apply(long seq, String type, JsonObject data, long askedNanos) {
    history.checkTexts(data, askedNanos, device);
    if (seq <= last()) {
      return;
    }
    if (seq != last() + 1) {
      violated("event " + seq + " came after " + last());
      return;
    }
    switch (type) {
      case "message.new" -> arrived(data.getJsonObject("message"));
      case "message.ack" -> acked(data);
      case "message.deleted" -> {
        long id = data.getJsonArray("message_ids").getLong(0);
        deleted.add(id);
        events.add(new Event(type, id));
      }
      case "message.recalled" -> recalled(data);
      case "receipt" -> {
        receipt(data);
        events.add(new Event(type, null));
      }
      case "conversation.removed" -> {
        removed.merge(data.getLong("conversation_id"), data.getLong("up_to_seq"), Math::max);
        events.add(new Event(type, null));
      }
      case "block.updated" -> {
        blocked.put(data.getLong("user_id"), data.getBoolean("blocked"));
        events.add(new Event(type, null));
      }
      case "conversation.updated" -> events.add(new Event(type, null));
      default -> {
        violated("an event nobody knows: " + type);
        events.add(new Event(type, null));
      }
    }
  }

  private void arrived(JsonObject message) {
    History.Intent intent = history.intent(message.getString("client_msg_id"));
    events.add(new Event("message.new", message.getLong("id")));
    if (intent == null) {
      violated("a message that nobody sent: " + message);
      return;
    }
    String content = message.getString("content");
    boolean same =
        intent.edge.from() == message.getLong("sender_id")
            && intent.edge.to() == message.getLong("receiver_id")
            && (message.getBoolean("is_recalled") ? content == null : intent.text.equals(content));
    if (!same) {
      violated("another message than was sent: " + message + ", sent " + intent.body);
    }
    store(message.getLong("conversation_id"), message.getLong("conv_seq"), message, content);
    if (intent.edge.from() == userId) {
      history.accepted(intent, History.Accepted.of(message, "id"), device); // settles it, too
    }
  }

  /** The first ack on the connection that sent stands for the event. */
  private void acked(JsonObject ack) {
    History.Intent intent = history.intent(ack.getString("client_msg_id"));
    events.add(new Event("message.new", ack.getLong("message_id")));
    store(
        ack.getLong("conversation_id"),
        ack.getLong("conv_seq"),
        ack.copy().put("id", ack.getLong("message_id")),
        intent.text);
  }

  private void store(long conversation, long convSeq, JsonObject told, String content) {
    TreeMap<Long, Message> known = messages.computeIfAbsent(conversation, fresh -> new TreeMap<>());
    if (!known.isEmpty() && known.lastKey() >= convSeq) {
      violated(
          "message %d of conversation %d came after %d"
              .formatted(convSeq, conversation, known.lastKey()));
    }
    known.put(convSeq, new Message(told.getLong("id"), told.getString("client_msg_id"), content));
  }

  /** Of a message this device knows, or was told of as taken away by a block before it came. */
  private void recalled(JsonObject data) {
    long id = data.getLong("message_id");
    events.add(new Event("message.recalled", id));
    Message known =
        messages
            .getOrDefault(data.getLong("conversation_id"), new TreeMap<>())
            .get(data.getLong("conv_seq"));
    if (known != null && known.id == id) {
      known.content = null;
    } else if (!deleted.contains(id)) {
      violated("a recall of what it never heard of: " + data);
    }
  }

  private void receipt(JsonObject data) {
    String key =
        data.getString("kind")
            + "/"
            + data.getLong("conversation_id")
            + "/"
            + data.getLong("user_id");
    long upTo = data.getLong("up_to_seq");
    long before = marks.getOrDefault(key, 0L);
    if (upTo <= before) {
      violated("a mark that does not move forward: " + data + " after " + before);
    }
    marks.put(key, upTo);
  }

  private void violated(String what) {
    history.violated(device, what);
  }
}
