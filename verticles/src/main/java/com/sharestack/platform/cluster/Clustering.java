package com.sharestack.platform.cluster;

import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.sharestack.platform.config.Config;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;

/**
 * The cluster behind the event bus: Hazelcast over TCP/IP with named members, no multicast. It
 * holds membership and bus registrations, nothing else, so every delay is chosen for noticing
 * quickly what happened; the package's description says what each comes to.
 */
public final class Clustering {

  private static final int HEARTBEATS_PER_TIMEOUT = 5;

  private Clustering() {}

  public static Membership manager(Config.Cluster settings) {
    System.setProperty("hazelcast.logging.type", "slf4j");
    com.hazelcast.config.Config config = ConfigUtil.loadConfig();
    config.setClusterName(settings.name());
    NetworkConfig network = config.getNetworkConfig();
    network.setPort(settings.port()).setPortAutoIncrement(settings.portRange() > 1);
    network.setPortCount(settings.portRange());
    network.setPublicAddress(publicAddress(settings));
    network.getInterfaces().setEnabled(true).addInterface(settings.host());
    JoinConfig join = network.getJoin();
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).setMembers(settings.members());
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    small(config);
    quick(config, settings);
    return new Membership(config);
  }

  /** Few nodes and little data: the defaults are made for hundreds of both. */
  private static void small(com.hazelcast.config.Config config) {
    config.setProperty("hazelcast.partition.count", "41");
    config.setProperty("hazelcast.operation.generic.thread.count", "2");
    config.setProperty("hazelcast.operation.thread.count", "2");
    config.setProperty("hazelcast.io.thread.count", "2");
    config.setProperty("hazelcast.event.thread.count", "2");
  }

  private static void quick(com.hazelcast.config.Config config, Config.Cluster settings) {
    int timeout = settings.heartbeatTimeoutSeconds();
    String merge = String.valueOf(settings.mergeSeconds());
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty(
        "hazelcast.heartbeat.interval.seconds",
        String.valueOf(Math.max(1, timeout / HEARTBEATS_PER_TIMEOUT)));
    config.setProperty("hazelcast.max.no.heartbeat.seconds", String.valueOf(timeout));
    // with the default of 5 minutes two halves of a cluster would stay apart that long
    config.setProperty("hazelcast.merge.first.run.delay.seconds", merge);
    config.setProperty("hazelcast.merge.next.run.delay.seconds", merge);
    // two members that lost only each other would both stay, each blind for the other
    config.setProperty("hazelcast.partial.member.disconnection.resolution.heartbeat.count", "3");
    // also the number of times the next master asks nodes that have not missed the old one yet: too
    // few, and an orderly stop of the oldest node splits those that stay
    config.setProperty("hazelcast.mastership.claim.timeout.seconds", "60");
    // a host that answers nothing must not hold a join for the minutes the system tries
    config.setProperty("hazelcast.socket.connect.timeout.seconds", "3");
    config.setProperty("hazelcast.operation.call.timeout.millis", String.valueOf(timeout * 1000L));
    // leaving waits for data nobody would miss: 10 minutes by default
    config.setProperty("hazelcast.graceful.shutdown.max.wait", "5");
    config.setProperty("hazelcast.max.join.seconds", "60");
  }

  private static String publicAddress(Config.Cluster settings) {
    String host = settings.publicHost() == null ? settings.host() : settings.publicHost();
    return settings.publicPort() == 0 ? host : host + ":" + settings.publicPort();
  }

  /** A silent connection of the bus is given up after 4 s, before membership notices. */
  public static EventBusOptions bus(Config.Cluster settings) {
    EventBusOptions options =
        new EventBusOptions()
            .setHost(settings.host())
            .setPort(settings.busPort())
            .setClusterPingInterval(2_000)
            .setClusterPingReplyInterval(2_000)
            .setConnectTimeout(3_000);
    if (settings.publicHost() != null) {
      options.setClusterPublicHost(settings.publicHost());
    }
    if (settings.busPublicPort() != 0) {
      options.setClusterPublicPort(settings.busPublicPort());
    }
    return options;
  }
}
