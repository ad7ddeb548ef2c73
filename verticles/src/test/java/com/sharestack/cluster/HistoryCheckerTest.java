package com.sharestack.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.cluster.History.Accepted;
import com.sharestack.cluster.History.Edge;
import com.sharestack.cluster.History.Intent;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The checker of histories sees what it is there to see: each test spoils one thing. */
class HistoryCheckerTest {

  private static final long ANNA = 1;
  private static final long BEN = 2;
  private static final long TALK = 7;
  private static final long THEN = 1_700_000_000_000L;

  private final History history = new History(1);
  private final Map<String, HistoryRows.Message> messages = new HashMap<>();
  private final TreeMap<Long, HistoryRows.Message> talk = new TreeMap<>();
  private final List<HistoryRows.Event> annas = new ArrayList<>();
  private final List<HistoryRows.Event> bens = new ArrayList<>();
  private final Set<Edge> blocks = new HashSet<>();
  private final Device phone = device(ANNA);
  private final Device tablet = device(BEN);
  private long benUnread = 2;

  /** Two messages from Anna to Ben, told to both. */
  HistoryCheckerTest() {
    say("a");
    say("b");
  }

  private Device device(long user) {
    return new Device(
        history,
        null,
        new Device.Owner(user, "device-" + user, "", true, true, List.of(), 1, new Random(1)));
  }

  private void say(String id) {
    long seq = talk.size() + 1;
    Intent intent = new Intent(new Edge(ANNA, BEN), id, "text " + id, new JsonObject());
    intent.firstTriedMillis = THEN;
    history.add(intent);
    HistoryRows.Message row =
        new HistoryRows.Message(100 + seq, TALK, seq, ANNA, BEN, id, seq, THEN + seq, false);
    store(row);
    history.accepted(
        intent,
        new Accepted(row.id(), TALK, seq, Instant.ofEpochMilli(THEN + seq).toString()),
        "device-1");
    annas.add(new HistoryRows.Event(seq, "message.new", TALK, row.id(), null, null, null));
    bens.add(new HistoryRows.Event(seq, "message.new", TALK, row.id(), null, null, null));
    tell(phone, row);
    tell(tablet, row);
  }

  private void store(HistoryRows.Message row) {
    messages.put(row.clientMsgId(), row);
    talk.put(row.convSeq(), row);
  }

  private void tell(Device device, HistoryRows.Message row) {
    JsonObject message =
        new JsonObject()
            .put("id", row.id())
            .put("client_msg_id", row.clientMsgId())
            .put("conversation_id", TALK)
            .put("conv_seq", row.convSeq())
            .put("sender_id", ANNA)
            .put("receiver_id", BEN)
            .put("content", "text " + row.clientMsgId())
            .put("is_recalled", false)
            .put("created_at", Instant.ofEpochMilli(row.createdMillis()).toString());
    device
        .log()
        .apply(
            device.log().last() + 1,
            "message.new",
            new JsonObject().put("message", message),
            System.nanoTime());
  }

  private List<String> check() {
    HistoryRows rows =
        new HistoryRows(
            messages,
            Map.of(TALK, talk),
            Map.of(ANNA, annas, BEN, bens),
            List.of(
                new HistoryRows.Member(TALK, ANNA, talk.size(), 0, 0, 0),
                new HistoryRows.Member(TALK, BEN, 0, 0, benUnread, 2)),
            blocks);
    new HistoryChecker(history, rows).check(List.of(phone, tablet));
    return history.violations();
  }

  private void assertSeen(String what) {
    List<String> seen = check();
    assertTrue(seen.stream().anyMatch(each -> each.contains(what)), seen.toString());
  }

  @Test
  void aHistoryInOrderIsFine() {
    assertEquals(List.of(), check());
  }

  @Test
  void anAcknowledgedMessageThatIsNotStored() {
    messages.remove("b");
    talk.remove(2L);
    assertSeen("acknowledged and lost");
  }

  @Test
  void aMessageThatWasRefusedAndStored() {
    history.intent("b").accepted = null;
    history.intent("b").refused = "MESSAGE_NOT_ALLOWED";
    assertSeen("refused with MESSAGE_NOT_ALLOWED and stored");
  }

  @Test
  void aMessageThatIsStoredTwice() {
    store(new HistoryRows.Message(103, TALK, 3, ANNA, BEN, "b2", 2, THEN, false));
    assertSeen("nobody sent it so");
  }

  @Test
  void twoAnswersToOneMessage() {
    history.accepted(
        history.intent("a"), new Accepted(999, TALK, 1, Instant.EPOCH.toString()), "device-1");
    assertSeen("two answers to a");
  }

  @Test
  void aGapInAConversation() {
    HistoryRows.Message row = talk.remove(2L);
    talk.put(3L, row);
    assertSeen("has gaps");
  }

  @Test
  void aDeviceThatMissesAnEvent() {
    HistoryRows.Message row = messages.get("b");
    bens.add(new HistoryRows.Event(3, "message.recalled", TALK, row.id(), null, null, null));
    assertSeen("has 2 of 3 events");
  }

  @Test
  void aMessageThatAPeerWasNeverToldOf() {
    bens.set(1, new HistoryRows.Event(2, "receipt", TALK, null, ANNA, "read", 1L));
    assertSeen("0 arrivals");
  }

  @Test
  void aTextThatIsShownThoughItWasRecalled() {
    HistoryRows.Message row = messages.get("b");
    store(new HistoryRows.Message(row.id(), TALK, 2, ANNA, BEN, "b", 2, row.createdMillis(), true));
    assertSeen("shows the text");
  }

  @Test
  void aMessageThatWentThroughABlock() {
    History.Block block = history.blockTried(new Edge(BEN, ANNA));
    block.fromMillis = THEN - 10;
    assertSeen("through the block");
  }

  @Test
  void aMessageThatWasUnderWayWhenTheBlockWasMadeIsFine() {
    History.Block block = history.blockTried(new Edge(BEN, ANNA));
    block.fromMillis = THEN;
    assertEquals(List.of(), check());
  }

  @Test
  void aBlockThatNoDeviceHeardOf() {
    blocks.add(new Edge(BEN, ANNA));
    assertSeen("was not told of the block");
  }

  @Test
  void unreadThatIsWrong() {
    benUnread = 1;
    assertSeen("unread 1 instead of 2");
  }

  @Test
  void aReadMarkThatWentBack() {
    tablet.readMarks().put(TALK, 2L);
    assertSeen("went back");
  }

  @Test
  void framesOutOfOrder() {
    tablet.log().apply(9, "receipt", new JsonObject(), System.nanoTime());
    assertSeen("event 9 came after 2");
  }
}
