package com.sharestack.platform.config;

import java.util.List;

/**
 * Sections of {@link Config} about how a node is reached, and how it starts, stops and joins
 * others.
 */
public sealed interface EdgeConfig permits Config {

  record Endpoint(String host, int port) {}

  record Http(
      String host,
      int port,
      int maxBodyBytes,
      int maxHeaderBytes,
      int maxPathBytes,
      int idleTimeoutSeconds,
      int compressionMinBytes,
      long callTimeoutMillis,
      List<String> corsOrigins,
      List<String> trustedProxies,
      String publicUrl) {}

  /**
   * @param token what changes to the running node must show; null = only from this machine
   */
  record Management(String host, int port, String token) {
    @Override
    public String toString() {
      return "Management[" + host + ":" + port + "]"; // the token is a password
    }
  }

  /**
   * How a node stops.
   *
   * @param noticeMillis between "not ready" and the end of listening
   * @param deadlineMillis for open requests and calls from then on
   */
  record Drain(long noticeMillis, long deadlineMillis) {}

  /**
   * @param waitSeconds for a database given by URL that does not answer yet
   * @param reachSeconds for other nodes and every service to answer, before the HTTP port opens
   */
  record Start(int waitSeconds, int reachSeconds) {}

  /**
   * @param port of the pages and of the rails' twins, 0 = a free one
   * @param smtpPort of the mailbox, 0 = a free one
   */
  record Sandbox(String host, int port, int smtpPort) {
    public Endpoint endpoint() {
      return new Endpoint(host, port);
    }
  }

  /**
   * @param portRange how many ports from {@code port} on a node may try; 1 = exactly that one
   * @param members {@code host:port} of nodes to ask at the start; any one that runs suffices
   * @param busPort of the event bus, 0 = any
   * @param publicHost how the others reach this node, null = {@code host}
   * @param publicPort the same of {@code port}, 0 = that one
   * @param busPublicPort the same of {@code busPort}, 0 = that one
   * @param pingMillis pause between pings to each other node over the bus
   * @param heartbeatTimeoutSeconds silence after which a node is no member any more
   * @param mergeSeconds pause between looks for a separated part of the cluster
   */
  record Cluster(
      boolean enabled,
      String name,
      String host,
      int port,
      int portRange,
      List<String> members,
      int busPort,
      String publicHost,
      int publicPort,
      int busPublicPort,
      long pingMillis,
      int heartbeatTimeoutSeconds,
      int mergeSeconds) {}

  /**
   * @param operationFactor multiplies the limits that single operations carry; for load tests
   */
  record Rates(int userPerMinute, int addressPerMinute, int operationFactor) {}

  /**
   * The gateway's sockets and event streams.
   *
   * @param maxSockets WebSockets of this node
   * @param maxStreams event streams of this node
   * @param pollMillis between looks for what no hint told
   * @param stallSeconds how long a client may take nothing from a full queue
   * @param drainMillis over which a stopping node closes its sockets
   */
  record Live(int maxSockets, int maxStreams, int pollMillis, int stallSeconds, int drainMillis) {}
}
