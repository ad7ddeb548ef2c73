package com.sharestack.platform.config;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The whole configuration of a node, read by {@link ConfigLoader}. {@code config/README.md} lists
 * every key with unit, default and environment variable.
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
    Secrets secrets) {

  /** Where the node runs; production refuses generated secrets and the sandbox role. */
  public enum Mode {
    DEV,
    TEST,
    PRODUCTION
  }

  public record Endpoint(String host, int port) {}

  /**
   * @param token what changes to the running node must show; null = only from this machine
   */
  public record Management(String host, int port, String token) {
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
  public record Drain(long noticeMillis, long deadlineMillis) {}

  /**
   * @param waitSeconds for a database given by URL that does not answer yet
   * @param reachSeconds for other nodes and every service to answer, before the HTTP port opens
   */
  public record Start(int waitSeconds, int reachSeconds) {}

  /**
   * @param port of the pages and of the rails' twins, 0 = a free one
   * @param smtpPort of the mailbox, 0 = a free one
   */
  public record Sandbox(String host, int port, int smtpPort) {
    public Endpoint endpoint() {
      return new Endpoint(host, port);
    }
  }

  public record Http(
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
   * @param url {@code mysql://user:password@host:port/database}, null = embedded
   * @param port of the embedded server, 0 = a free one
   */
  public record Database(
      String url,
      int port,
      int poolSize,
      int waitQueue,
      int connectTimeoutMillis,
      long statementTimeoutMillis) {
    @Override
    public String toString() {
      return "Database[…]"; // the address holds a password
    }
  }

  /**
   * @param url {@code redis://[:password@]host:port[/db]}, null = embedded
   * @param port of the embedded server, 0 = a free one
   */
  public record RedisLink(String url, int port, int connections, int waitQueue, String prefix) {
    @Override
    public String toString() {
      return "RedisLink[…]"; // the address holds a password
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
  public record Cluster(
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

  public record ServiceLimits(int callsInFlight, long callTimeoutMillis) {}

  public record Auth(
      String issuer,
      String audience,
      int accessSeconds,
      int passwordCost,
      int hashThreads,
      int revocationPollMillis,
      int principalSeconds) {}

  /**
   * @param operationFactor multiplies the limits that single operations carry; for load tests
   */
  public record Rates(int userPerMinute, int addressPerMinute, int operationFactor) {}

  /**
   * The gateway's sockets and event streams.
   *
   * @param maxSockets WebSockets of this node
   * @param maxStreams event streams of this node
   * @param pollMillis between looks for what no hint told
   * @param stallSeconds how long a client may take nothing from a full queue
   * @param drainMillis over which a stopping node closes its sockets
   */
  public record Live(
      int maxSockets, int maxStreams, int pollMillis, int stallSeconds, int drainMillis) {}

  public record Content(
      boolean requireCertifiedCreator, String articleReview, List<String> mediaHosts) {}

  /**
   * @param requireCertifiedCreator an active priced plan needs a certified creator
   * @param paymentChannels payment methods that are switched on
   * @param returnUrlHosts hosts a payer may be sent back to
   * @param exchangeRatesUrl source of display rates; null = none
   */
  public record Billing(
      boolean requireCertifiedCreator,
      List<String> paymentChannels,
      List<String> returnUrlHosts,
      String exchangeRatesUrl) {}

  public record Worker(
      int outboxPollMillis,
      int outboxBatch,
      int publishPollMillis,
      int jobPollMillis,
      int paymentPollMillis) {}

  /**
   * The mail server that takes our mails.
   *
   * @param host null = mails stay queued
   * @param username null = without login
   * @param from sender of every mail
   */
  public record Mail(
      String host,
      int port,
      String username,
      String password,
      Tls tls,
      String from,
      int pollMillis) {

    /** STARTTLS; where it is used the server's certificate is checked. */
    public enum Tls {
      OPTIONAL,
      REQUIRED,
      OFF
    }

    /** The same mails to a server of this machine that wants neither login nor encryption. */
    public Mail toLocal(String server, int serverPort) {
      return new Mail(server, serverPort, null, null, Tls.OFF, from, pollMillis);
    }

    @Override
    public String toString() {
      return "Mail[…]"; // holds a password
    }
  }

  /**
   * The payment channels: a rail is open when it has its address and its keys, all or none of them.
   * Keys are PEM or Base64 (PKCS #8, X.509).
   *
   * @param notifyUrl where channels send notifications, the channel's name is appended; null = the
   *     gateway's public address
   * @param cashierUrl page for payments whose channel has none, with {payment_id} or
   *     {out_trade_no}; null = none
   * @param callTimeoutMillis of one call to a channel; below http.call_timeout_millis
   */
  public record Rails(
      String notifyUrl, String cashierUrl, long callTimeoutMillis, Wechat wechat, Alipay alipay) {

    /**
     * WeChat Pay APIv3.
     *
     * @param platformKeys {@code id=key}, the wanted one first; two while they are rotated
     */
    public record Wechat(
        String baseUrl,
        String appId,
        String merchantId,
        String merchantSerial,
        String merchantKey,
        String apiV3Key,
        List<String> platformKeys) {}

    /** Alipay, classic gateway. */
    public record Alipay(
        String gateway, String appId, String sellerId, String appKey, String alipayKey) {}

    @Override
    public String toString() {
      return "Rails[…]"; // holds keys
    }
  }

  /**
   * The object store for files, reached by the S3 protocol.
   *
   * @param endpoint {@code https://host[:port]}; null = one of our own on this machine
   * @param port of our own store, 0 = a free one
   * @param publicUrl how clients reach the store, starts download addresses; null = endpoint
   * @param pathStyle bucket in the path, else before the host name
   * @param callTimeoutMillis of calls without a body
   * @param transferTimeoutMillis of a whole upload or download
   */
  public record Storage(
      String endpoint,
      int port,
      String region,
      String bucket,
      String accessKey,
      String secretKey,
      String publicUrl,
      boolean pathStyle,
      long maxObjectBytes,
      int connectTimeoutMillis,
      long callTimeoutMillis,
      long transferTimeoutMillis) {

    /** The same store where it was found, under keys that are known only at the start. */
    public Storage at(String url, String access, String secret) {
      return new Storage(
          url,
          port,
          region,
          bucket,
          access,
          secret,
          publicUrl,
          true,
          maxObjectBytes,
          connectTimeoutMillis,
          callTimeoutMillis,
          transferTimeoutMillis);
    }

    @Override
    public String toString() {
      return "Storage[…]"; // holds a secret key
    }
  }

  /**
   * Keys; never logged.
   *
   * @param jwt HS256 key, at least 32 bytes as text
   * @param data key of encrypted columns, 32 bytes Base64
   * @param index key of blind indexes, 32 bytes Base64
   * @param mysqlPassword of the embedded database
   * @param redisPassword of the embedded Redis
   * @param generated whether the node made them itself
   */
  public record Secrets(
      String jwt,
      String data,
      String index,
      String mysqlPassword,
      String redisPassword,
      boolean generated) {
    @Override
    public String toString() {
      return "Secrets[…]";
    }
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
    if (cluster.name != null) {
      return this;
    }
    Cluster named =
        new Cluster(
            cluster.enabled,
            name,
            cluster.host,
            cluster.port,
            cluster.portRange,
            cluster.members,
            cluster.busPort,
            cluster.publicHost,
            cluster.publicPort,
            cluster.busPublicPort,
            cluster.pingMillis,
            cluster.heartbeatTimeoutSeconds,
            cluster.mergeSeconds);
    return copy(data, mysql, redis, named, mail, rails, secrets);
  }

  public Config withDatabase(String url) {
    Database found =
        new Database(
            url,
            mysql.port,
            mysql.poolSize,
            mysql.waitQueue,
            mysql.connectTimeoutMillis,
            mysql.statementTimeoutMillis);
    return copy(data, found, redis, cluster, mail, rails, secrets);
  }

  public Config withRedis(String url) {
    RedisLink found =
        new RedisLink(url, redis.port, redis.connections, redis.waitQueue, redis.prefix);
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
