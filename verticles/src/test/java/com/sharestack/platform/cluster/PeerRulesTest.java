package com.sharestack.platform.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who must step back when nodes do not reach each other. */
class PeerRulesTest {

  private static final long MISSED = 3;
  private static final long SILENT = 15;
  private static final PeerRules RULES = new PeerRules(MISSED, SILENT);

  private final Peer a = new Peer("a", "A", 0);
  private final Peer b = new Peer("b", "B", 0);

  private static void answers(Peer peer, long now, String... misses) {
    answers(peer, now, Set.of("us"), false, misses);
  }

  private static void answers(
      Peer peer, long now, Set<String> members, boolean leaving, String... misses) {
    peer.answered(
        new Peer.Pong(peer.name(), Set.of(), members, Set.of(misses), leaving), "us", now);
  }

  @Test
  void aNodeThatAnswersIsNoReason() {
    answers(a, 98);
    assertEquals(List.of(), RULES.against(List.of(a), 100));
  }

  @Test
  void aNewNodeHasTimeToAnswer() {
    Peer fresh = new Peer("c", "C", 98);
    assertEquals(List.of(), RULES.against(List.of(fresh), 100));
  }

  @Test
  void whoIsHeardButDoesNotAnswerIsReachedOneWayOnly() {
    answers(a, 90);
    for (long now = 91; now < 100; now++) {
      RULES.heard(a, now);
    }
    assertEquals(
        List.of("node A is heard but does not answer over the bus"),
        RULES.against(List.of(a), 100));
  }

  /** Membership lists a node seconds before it can answer: it is asked in vain until it pings. */
  @Test
  void aNodeThatJoinsIsJudgedFromItsFirstPingOn() {
    answers(b, 19);
    for (long now = 1; now <= 14; now++) {
      assertEquals(List.of(), RULES.against(List.of(a, b), now), "still starting at " + now);
    }
    for (long now = 15; now <= 18; now++) {
      RULES.heard(a, now);
      answers(b, now);
      assertEquals(List.of(), RULES.against(List.of(a, b), now), "just joined at " + now);
    }
    RULES.heard(a, 19);
    answers(b, 19);
    assertEquals(
        List.of("node A is heard but does not answer over the bus"),
        RULES.against(List.of(a, b), 19));
    answers(a, 20);
    assertEquals(List.of(), RULES.against(List.of(a, b), 20));
  }

  @Test
  void aNodeThatJoinsAndAnswersAtOnceIsNeverAReason() {
    for (long now = 1; now <= 40; now++) {
      answers(b, now);
      if (now >= 9) {
        RULES.heard(a, now);
        assertEquals(List.of(), RULES.against(List.of(a, b), now), "before its answer at " + now);
        answers(a, now);
      }
      assertEquals(List.of(), RULES.against(List.of(a, b), now), "at " + now);
    }
  }

  @Test
  void aNodeThatGoesOnAfterAPauseHasTimeToAnswer() {
    answers(a, 10);
    RULES.heard(a, 10);
    assertEquals(List.of(), RULES.against(List.of(a), 22), "frozen");
    RULES.heard(a, 23);
    assertEquals(List.of(), RULES.against(List.of(a), 23), "thawed");
    answers(a, 24);
    assertEquals(List.of(), RULES.against(List.of(a), 24));
  }

  @Test
  void aMemberThatNeverComesUpIsSilentAfterTheTimeADeadOneHas() {
    answers(b, 15);
    assertEquals(List.of(), RULES.against(List.of(a, b), 15));
    answers(b, 16);
    assertEquals(
        List.of("node A is a member but silent on the bus"), RULES.against(List.of(a, b), 16));
  }

  @Test
  void aDeadNodeIsLeftToMembershipAndASilentMemberIsNot() {
    answers(a, 90);
    assertEquals(List.of(), RULES.against(List.of(a), 100));
    assertEquals(
        List.of("node A is a member but silent on the bus"), RULES.against(List.of(a), 106));
  }

  @Test
  void aNodeThatOthersMissTooIsItsOwnProblem() {
    answers(a, 99, "b");
    answers(b, 50);
    for (long now = 51; now < 100; now++) {
      RULES.heard(b, now);
    }
    assertEquals(List.of(), RULES.against(List.of(a, b), 100));
  }

  @Test
  void aNodeThatOthersReachIsOurProblem() {
    answers(a, 99);
    answers(b, 50);
    assertEquals(
        List.of("node B is a member but silent on the bus"), RULES.against(List.of(a, b), 100));
  }

  @Test
  void whoLosesAllAtOnceStepsBackAtOnce() {
    answers(a, 95);
    answers(b, 95);
    assertEquals(2, RULES.against(List.of(a, b), 100).size());
  }

  @Test
  void whoAnswersButDoesNotCountUsLivesInAnotherCluster() {
    answers(a, 80, Set.of("other"), false);
    answers(a, 99, Set.of("other"), false);
    assertEquals(
        List.of("node A answers but does not count this node as a member"),
        RULES.against(List.of(a), 100));
    answers(a, 101);
    assertEquals(List.of(), RULES.against(List.of(a), 102));
  }

  @Test
  void whoLeavesIsNotMissed() {
    answers(a, 50, Set.of("us"), true);
    assertEquals(List.of(), RULES.against(List.of(a), 100));
  }
}
