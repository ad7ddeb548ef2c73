package com.sharestack.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import com.sharestack.contract.TrialContent;
import com.sharestack.contract.TrialGetRequest;
import com.sharestack.contract.TrialService;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.health.Health;
import com.sharestack.platform.ids.Ids;
import com.sharestack.platform.service.Callers;
import com.sharestack.platform.service.ServiceHost;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.serviceproxy.ServiceException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two nodes that reach each other only through hops that can fail. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterCutTest {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterCutTest.class);
  private static final Caller CALLER = Callers.system("cut-test");
  private static final String NAME = Ids.random("cut-", 8);

  private static Side first;
  private static Side second;

  /** A node, and the hops to it: of membership and of the bus. */
  private static final class Side {
    final int port = Waiting.freePort();
    final int busPort = Waiting.freePort();
    final FaultProxy membership;
    final FaultProxy bus;
    TestNode node;
    TrialService trials;

    Side() throws Exception {
      membership = new FaultProxy(port);
      bus = new FaultProxy(busPort);
    }

    void start(String name, String members) {
      node =
          TestNode.of(
              name,
              "SHARESTACK_ROLES",
              "users",
              "SHARESTACK_CLUSTER_ENABLED",
              "true",
              "SHARESTACK_CLUSTER_NAME",
              NAME,
              "SHARESTACK_CLUSTER_PORT",
              String.valueOf(port),
              "SHARESTACK_CLUSTER_PORT_RANGE",
              "1",
              "SHARESTACK_CLUSTER_PUBLIC_PORT",
              String.valueOf(membership.port()),
              "SHARESTACK_CLUSTER_BUS_PORT",
              String.valueOf(busPort),
              "SHARESTACK_CLUSTER_BUS_PUBLIC_PORT",
              String.valueOf(bus.port()),
              "SHARESTACK_CLUSTER_MEMBERS",
              members,
              "SHARESTACK_CLUSTER_PING_MILLIS",
              "200",
              "SHARESTACK_CLUSTER_HEARTBEAT_TIMEOUT_SECONDS",
              "3",
              "SHARESTACK_CLUSTER_MERGE_SECONDS",
              "2",
              "SHARESTACK_START_REACH_SECONDS",
              "0");
      node.startAll();
      trials = ServiceHost.client(node.vertx(), TrialService.class, Set.of(), 1_000);
    }

    int members() {
      return node.node().membership().nodes().size();
    }

    /** What readiness says of the other node: "up" or why not. */
    String peers() {
      Health.Report report =
          node.node()
              .health()
              .report()
              .toCompletionStage()
              .toCompletableFuture()
              .orTimeout(5, TimeUnit.SECONDS)
              .join();
      return report.checks().getString("peers");
    }

    String call() {
      try {
        node.await(() -> trials.get(CALLER, new TrialGetRequest(1)).await());
        return "answered";
      } catch (ServiceException answer) {
        return answer.getMessage();
      } catch (RuntimeException unanswered) {
        return "unanswered";
      }
    }

    void stall() {
      membership.stall();
      bus.stall();
    }

    void heal() {
      membership.heal();
      bus.heal();
    }

    void close() throws Exception {
      heal();
      if (node != null) {
        node.close();
      }
      membership.close();
      bus.close();
    }
  }

  /** Answers with an error of its own, which tells that the call came through. */
  private static final class Here implements TrialService {
    @Override
    public Future<TrialContent> get(Caller caller, TrialGetRequest request) {
      return Future.failedFuture(Errors.of(com.sharestack.contract.ErrorCode.NOT_FOUND));
    }
  }

  @BeforeAll
  static void describe() throws Exception {
    first = new Side();
    second = new Side();
  }

  @AfterAll
  static void stop() throws Exception {
    first.close();
    second.close();
  }

  private static void awaitOneCluster(String what) throws Exception {
    long joined = Waiting.until(what, 40, () -> first.members() == 2 && second.members() == 2);
    long whole =
        joined
            + Waiting.until(
                "calls and pings come through",
                20,
                () ->
                    first.call().equals("NOT_FOUND")
                        && first.peers().equals("up")
                        && second.peers().equals("up"));
    LOG.info("{}: one membership after {} ms, whole after {} ms", what, joined, whole);
  }

  @Test
  @Order(1)
  void nodesThatStartedWithoutEachOtherBecomeOneCluster() throws Exception {
    second.start("cut_second", first.membership.address());
    second.node.fake(TrialService.class, new Here());
    assertEquals(1, second.members());
    first.start("cut_first", first.membership.address());
    awaitOneCluster("two that started alone");
  }

  @Test
  @Order(2)
  void aConnectionThatWorksOneWayMakesTheNodeUnready() throws Exception {
    second.bus.stall();
    long unready =
        Waiting.until(
            "the node that is not answered says so",
            10,
            () -> first.peers().contains("is heard but does not answer over the bus"));
    assertTrue(first.peers().contains(second.membership.address()), first.peers());
    assertEquals(2, first.members(), "membership notices nothing");
    LOG.info("one way: unready after {} ms", unready);
    second.bus.heal();
    awaitOneCluster("healed one way");
  }

  @Test
  @Order(3)
  void aCutParts() throws Exception {
    first.stall();
    second.stall();
    assertEquals("unanswered", first.call());
    long apart = Waiting.until("alone", 30, () -> first.members() == 1 && second.members() == 1);
    LOG.info("cut without a word: alone after {} ms", apart);
    Waiting.until("nobody is waited for any more", 10, () -> first.call().equals("unanswered"));
    first.heal();
    second.heal();
    awaitOneCluster("healed cut");
  }

  @Test
  @Order(4)
  void closedConnectionsParts() throws Exception {
    first.membership.cut();
    first.bus.cut();
    second.membership.cut();
    second.bus.cut();
    long apart = Waiting.until("alone", 30, () -> first.members() == 1 && second.members() == 1);
    LOG.info("cut with closed connections: alone after {} ms", apart);
    first.heal();
    second.heal();
    awaitOneCluster("healed closed connections");
  }
}
