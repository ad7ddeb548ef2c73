package com.sharestack.platform.config;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The whole configuration of a node, read by {@link ConfigLoader}. {@code config/README.md} lists
 * every key with unit, default and environment variable. The sections are members of the interfaces
 * by their subject and are named through this record: {@code Config.Http}.
 */
public record Config(
    Mode mode,
    List<String> roles,
    Path data,
    Http http,
    Management management,
    Drain drain,
    Start start,
    Sandbox sandbox,
    Database mysql,
    RedisLink redis,
    Cluster cluster,
    ServiceLimits services,
    Map<String, Integer> instances,
    Auth auth,
    Rates rates,
    Live live,
    Content content,
    Billing billing,
    Rails rails,
    Worker worker,
    Mail mail,
    Storage storage,
    boolean seed,
    Secrets secrets)
    implements EdgeConfig, DataConfig, WorkConfig {

  /** Where the node runs; production refuses generated secrets and the sandbox role. */
  public enum Mode {
    DEV,
    TEST,
    PRODUCTION
  }

  /** The domains this process hosts; clients of these stay in the process. */
  public Set<String> localDomains() {
    return new LinkedHashSet<>(roles);
  }

  public boolean has(String role) {
    return roles.contains(role);
  }

  public Config withData(Path folder) {
    return copy(folder, mysql, redis, cluster, mail, rails, secrets);
  }

  /** The given name, unless the configuration has one. */
  public Config withClusterName(String name) {
    if (cluster.name() != null) {
      return this;
    }
    Cluster named =
        new Cluster(
            cluster.enabled(),
            name,
            cluster.host(),
            cluster.port(),
            cluster.portRange(),
            cluster.members(),
            cluster.busPort(),
            cluster.publicHost(),
            cluster.publicPort(),
            cluster.busPublicPort(),
            cluster.pingMillis(),
            cluster.heartbeatTimeoutSeconds(),
            cluster.mergeSeconds());
    return copy(data, mysql, redis, named, mail, rails, secrets);
  }

  public Config withDatabase(String url) {
    Database found =
        new Database(
            url,
            mysql.port(),
            mysql.poolSize(),
            mysql.waitQueue(),
            mysql.connectTimeoutMillis(),
            mysql.statementTimeoutMillis());
    return copy(data, found, redis, cluster, mail, rails, secrets);
  }

  public Config withRedis(String url) {
    RedisLink found =
        new RedisLink(url, redis.port(), redis.connections(), redis.waitQueue(), redis.prefix());
    return copy(data, mysql, found, cluster, mail, rails, secrets);
  }

  public Config withMail(Mail server) {
    return copy(data, mysql, redis, cluster, server, rails, secrets);
  }

  public Config withRails(Rails known) {
    return copy(data, mysql, redis, cluster, mail, known, secrets);
  }

  public Config withSecrets(Secrets made) {
    return copy(data, mysql, redis, cluster, mail, rails, made);
  }

  /** With the parts that are known only at the start. */
  private Config copy(
      Path folder,
      Database database,
      RedisLink link,
      Cluster members,
      Mail server,
      Rails railsOf,
      Secrets keys) {
    return new Config(
        mode,
        roles,
        folder,
        http,
        management,
        drain,
        start,
        sandbox,
        database,
        link,
        members,
        services,
        instances,
        auth,
        rates,
        live,
        content,
        billing,
        railsOf,
        worker,
        server,
        storage,
        seed,
        keys);
  }
}
