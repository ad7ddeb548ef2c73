package com.sharestack.cluster;

import com.sharestack.cluster.History.Edge;
import com.sharestack.cluster.History.Intent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares, once all is quiet, what every client did and was told with the rows. */
final class HistoryChecker {

  private final History history;
  private final HistoryRows rows;
  private final Map<Edge, HistoryRows.Member> members = new HashMap<>();

  HistoryChecker(History history, HistoryRows rows) {
    this.history = history;
    this.rows = rows;
    // an edge from conversation to user
    rows.members().forEach(m -> members.put(new Edge(m.conversation(), m.user()), m));
  }

  void check(List<Device> devices) {
    history.intents().forEach(this::checkIntent);
    rows.messages().values().forEach(this::checkMessage);
    rows.conversations().forEach(this::checkConversation);
    rows.events().forEach(this::checkLog);
    rows.members().forEach(this::checkMember);
    devices.forEach(this::checkDevice);
  }

  private void violated(String who, String what) {
    history.violated(who, what);
  }

  /** What was acknowledged is there as it was told; what was refused is not. */
  private void checkIntent(Intent intent) {
    HistoryRows.Message row = rows.messages().get(intent.id);
    String who = "message " + intent.id;
    if (intent.accepted == null) {
      if (intent.refused == null && intent.firstTriedMillis != 0) {
        violated(who, "nobody ever said what became of it: " + intent.body);
      } else if (row != null) {
        violated(who, "refused with " + intent.refused + " and stored: " + row);
      }
    } else if (row == null) {
      violated(who, "acknowledged and lost: " + intent.accepted);
    } else if (row.id() != intent.accepted.id()
        || row.conversation() != intent.accepted.conversation()
        || row.convSeq() != intent.accepted.convSeq()
        || row.createdMillis()
            != java.time.Instant.parse(intent.accepted.createdAt()).toEpochMilli()) {
      violated(who, "acknowledged as " + intent.accepted + ", stored as " + row);
    }
  }

  private void checkMessage(HistoryRows.Message row) {
    String who = "message " + row.clientMsgId();
    Intent intent = history.intent(row.clientMsgId());
    if (intent == null || !intent.edge.equals(new Edge(row.sender(), row.receiver()))) {
      violated(who, "stored, but nobody sent it so: " + row);
      return;
    }
    for (Edge edge : List.of(intent.edge, new Edge(intent.edge.to(), intent.edge.from()))) {
      for (History.Block block : history.blocks(edge)) {
        if (intent.firstTriedMillis > block.fromMillis
            && row.createdMillis() < block.untilMillis - 1) {
          violated(
              who,
              "tried at %d through the block %s of %d to %d and stored at %d"
                  .formatted(
                      intent.firstTriedMillis,
                      edge,
                      block.fromMillis,
                      block.untilMillis,
                      row.createdMillis()));
        }
      }
    }
  }

  /** Numbers without gaps. */
  private void checkConversation(long id, TreeMap<Long, HistoryRows.Message> messages) {
    if (messages.firstKey() != 1 || messages.lastKey() != messages.size()) {
      violated("conversation " + id, "has gaps: " + messages.keySet());
    }
  }

  /** Numbers without gaps, each message once in the logs of both, each recall too. */
  private void checkLog(long user, List<HistoryRows.Event> events) {
    String who = "log of user " + user;
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < events.size(); i++) {
      HistoryRows.Event event = events.get(i);
      if (event.seq() != i + 1) {
        violated(who, "event " + (i + 1) + " is " + event);
        return;
      }
      if (event.messageId() != null) {
        seen.merge(event.type() + " " + event.messageId(), 1, Integer::sum);
      }
    }
    for (HistoryRows.Message row : rows.messages().values()) {
      if (row.sender() == user || row.receiver() == user) {
        int arrivals = seen.getOrDefault("message.new " + row.id(), 0);
        int recalls = seen.getOrDefault("message.recalled " + row.id(), 0);
        if (arrivals != 1 || recalls != (row.recalled() ? 1 : 0)) {
          violated(who, arrivals + " arrivals and " + recalls + " recalls of " + row);
        }
      }
      if (row.sender() == user
          && !Long.valueOf(row.id()).equals(events.get((int) row.senderEvent() - 1).messageId())) {
        violated(who, "the event of " + row + " is another one");
      }
    }
  }

  /** Unread is what the messages say; the mark is the furthest of reading and writing. */
  private void checkMember(HistoryRows.Member member) {
    String who = "user " + member.user() + " in conversation " + member.conversation();
    if (member.unread() != member.owed()) {
      violated(who, "unread " + member.unread() + " instead of " + member.owed());
    }
    long read = 0;
    for (HistoryRows.Event event : rows.events().getOrDefault(member.user(), List.of())) {
      if ("read".equals(event.kind())
          && event.actor() == member.user()
          && event.conversation() == member.conversation()) {
        read = Math.max(read, event.upTo());
      }
    }
    for (HistoryRows.Message row :
        rows.conversations().getOrDefault(member.conversation(), new TreeMap<>()).values()) {
      if (row.sender() == member.user()) {
        read = Math.max(read, row.convSeq());
      }
    }
    if (member.readSeq() != read) {
      violated(who, "read_seq " + member.readSeq() + ", but read and written up to " + read);
    }
    checkRemoved(who, member);
  }

  /** A block takes away what stood there when it was answered, and nothing later. */
  private void checkRemoved(String who, HistoryRows.Member member) {
    if (member.removedSeq() == 0) {
      return;
    }
    HistoryRows.Message newest =
        rows.conversations().get(member.conversation()).get(member.removedSeq());
    boolean before =
        history.blocks(new Edge(member.user(), newest.sender())).stream()
            .anyMatch(block -> newest.createdMillis() <= block.fromMillis);
    if (newest.sender() == member.user() || !before) {
      violated(who, "no block took away " + newest);
    }
  }

  private void checkDevice(Device device) {
    String who = device.owner().device();
    DeviceLog log = device.log();
    long user = device.owner().userId();
    List<HistoryRows.Event> events = rows.events().getOrDefault(user, List.of());
    if (log.last() != events.size()) {
      violated(who, "has " + log.last() + " of " + events.size() + " events");
    }
    for (int i = 0; i < Math.min(log.last(), events.size()); i++) {
      checkEvent(who, user, events.get(i), log.events().get(i));
    }
    for (Map.Entry<Long, TreeMap<Long, HistoryRows.Message>> each :
        rows.conversations().entrySet()) {
      HistoryRows.Member member = members.get(new Edge(each.getKey(), user));
      if (member != null) {
        checkShown(who, member, each.getValue(), log);
      }
    }
    for (Edge block : rows.blocks()) {
      if (block.from() == user && !log.blocked().getOrDefault(block.to(), false)) {
        violated(who, "was not told of the block " + block);
      }
    }
    log.blocked()
        .forEach(
            (other, blocked) -> {
              if (blocked != rows.blocks().contains(new Edge(user, other))) {
                violated(who, "was last told blocked = " + blocked + " of user " + other);
              }
            });
    device
        .readMarks()
        .forEach(
            (conversation, mark) -> {
              if (members.get(new Edge(conversation, user)).readSeq() < mark) {
                violated(who, "the read mark of conversation " + conversation + " went back");
              }
            });
  }

  private void checkEvent(String who, long user, HistoryRows.Event row, DeviceLog.Event told) {
    boolean same =
        row.type().equals(told.type())
            && (row.messageId() == null || row.messageId().equals(told.messageId()));
    boolean gone =
        row.type().equals("message.new")
            && told.type().equals("message.deleted")
            && row.messageId().equals(told.messageId())
            && removed(row, user);
    if (!same && !gone) {
      violated(who, "was told " + told + " of " + row);
    }
  }

  private boolean removed(HistoryRows.Event row, long user) {
    return rows.conversations().get(row.conversation()).values().stream()
        .filter(message -> message.id() == row.messageId())
        .allMatch(
            message ->
                message.convSeq() <= members.get(new Edge(row.conversation(), user)).removedSeq());
  }

  /** Every message that a block did not take away, once, in order, with its text or recalled. */
  private void checkShown(
      String who,
      HistoryRows.Member member,
      TreeMap<Long, HistoryRows.Message> stored,
      DeviceLog log) {
    TreeMap<Long, DeviceLog.Message> shown =
        log.messages().getOrDefault(member.conversation(), new TreeMap<>());
    for (HistoryRows.Message row : stored.tailMap(member.removedSeq(), false).values()) {
      DeviceLog.Message message = shown.get(row.convSeq());
      if (message == null || message.id != row.id()) {
        violated(who, "shows " + (message == null ? "nothing" : message.id) + " for " + row);
      } else {
        Intent intent = history.intent(row.clientMsgId());
        String expected = row.recalled() || intent == null ? null : intent.text;
        if (!java.util.Objects.equals(expected, message.content)) {
          violated(who, "shows the text " + message.content + " for " + row);
        }
      }
    }
  }

  /** What REST shows one user: the whole log again, every history, the counters. */
  void checkRest(Device device) {
    String who = device.owner().device() + " over REST";
    long user = device.owner().userId();
    DeviceLog again = new DeviceLog(history, user, who);
    device.rest().sync(again);
    List<DeviceLog.Event> before = device.log().events();
    for (int i = 0; i < before.size(); i++) {
      checkEvent(who, user, rows.events().get(user).get(i), again.events().get(i));
    }
    long unread = 0;
    for (HistoryRows.Member member : rows.members()) {
      TreeMap<Long, HistoryRows.Message> stored = rows.conversations().get(member.conversation());
      if (member.user() == user && stored != null) {
        unread += member.unread() > 0 ? 1 : 0;
        checkHistory(device, who, member, stored);
      }
    }
    JsonObject counts = device.rest().ask("GET", "/messages/unread-count", null).data();
    if (counts == null || counts.getLong("conversations") != unread) {
      violated(who, "counts " + counts + " instead of " + unread + " unread conversations");
    }
  }

  private void checkHistory(
      Device device,
      String who,
      HistoryRows.Member member,
      TreeMap<Long, HistoryRows.Message> stored) {
    List<Long> shown = new ArrayList<>();
    long after = 0;
    boolean more = true;
    while (more) {
      long asked = System.nanoTime();
      JsonObject page =
          device
              .rest()
              .ask(
                  "GET",
                  "/conversations/%d/messages?limit=100&after_seq=%d"
                      .formatted(member.conversation(), after),
                  null)
              .data();
      if (page == null) {
        violated(who, "no history of conversation " + member.conversation());
        return;
      }
      history.checkTexts(page, asked, who);
      JsonArray messages = page.getJsonArray("messages");
      for (Object each : messages) {
        shown.add(((JsonObject) each).getLong("id"));
        after = ((JsonObject) each).getLong("conv_seq");
      }
      more = page.getBoolean("has_more") && !messages.isEmpty();
    }
    List<Long> expected =
        stored.tailMap(member.removedSeq(), false).values().stream()
            .map(HistoryRows.Message::id)
            .toList();
    if (!expected.equals(shown)) {
      violated(
          who,
          "history of conversation %d is %s instead of %s"
              .formatted(member.conversation(), shown, expected));
    }
  }
}
