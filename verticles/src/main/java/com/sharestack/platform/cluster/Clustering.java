package com.sharestack.platform.cluster;

import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.sharestack.platform.config.Config;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

/**
 * The cluster behind the event bus: Hazelcast over TCP/IP with named members, no multicast. It
 * holds membership and bus registrations, nothing else.
 */
public final class Clustering {

  private Clustering() {}

  public static ClusterManager manager(Config.Cluster settings) {
    System.setProperty("hazelcast.logging.type", "slf4j");
    com.hazelcast.config.Config config = ConfigUtil.loadConfig();
    config.setClusterName(settings.name());
    NetworkConfig network = config.getNetworkConfig();
    network.setPort(settings.port()).setPortAutoIncrement(settings.portRange() > 1);
    network.setPortCount(settings.portRange());
    network.setPublicAddress(settings.host());
    network.getInterfaces().setEnabled(true).addInterface(settings.host());
    JoinConfig join = network.getJoin();
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).setMembers(settings.members());
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", "12");
    config.setProperty("hazelcast.heartbeat.interval.seconds", "3");
    config.setProperty("hazelcast.partition.count", "41");
    config.setProperty("hazelcast.operation.generic.thread.count", "2");
    config.setProperty("hazelcast.operation.thread.count", "2");
    config.setProperty("hazelcast.io.thread.count", "2");
    config.setProperty("hazelcast.event.thread.count", "2");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    return new HazelcastClusterManager(config);
  }

  public static EventBusOptions bus(Config.Cluster settings) {
    return new EventBusOptions()
        .setHost(settings.host())
        .setPort(settings.busPort())
        .setClusterPingInterval(5_000)
        .setClusterPingReplyInterval(5_000)
        .setConnectTimeout(3_000);
  }
}
