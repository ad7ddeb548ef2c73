package com.sharestack.platform.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** What a configuration must hold to be run. */
final class ConfigRules {

  private static final int MOST_REACH_SECONDS = 50;
  private static final Set<String> ROLES =
      Set.of("gateway", "users", "content", "billing", "social", "analytics", "worker", "sandbox");
  private static final int JWT_BYTES = 32;
  private static final int KEY_BYTES = 32;
  private static final int TOKEN_LENGTH = 16;

  private ConfigRules() {}

  static Config check(Config config) {
    for (String role : config.roles()) {
      if (!ROLES.contains(role)) {
        throw new ConfigException("roles: '" + role + "' is none of " + List.copyOf(ROLES) + ".");
      }
    }
    port("http.port", config.http().port());
    port("management.port", config.management().port());
    port("sandbox.port", config.sandbox().port());
    port("sandbox.smtp_port", config.sandbox().smtpPort());
    port("mail.port", config.mail().port());
    cluster(config);
    if (config.mail().pollMillis() < 1) {
      throw new ConfigException("mail.poll_millis must be at least 1.");
    }
    if (config.live().pollMillis() < 1 || config.live().pollMillis() > 5000) {
      throw new ConfigException("live.poll_millis must be between 1 and 5000.");
    }
    url("billing.exchange_rates_url", config.billing().exchangeRatesUrl());
    port("storage.port", config.storage().port());
    storage(config);
    if (config.mode() == Config.Mode.PRODUCTION) {
      production(config);
    }
    return config;
  }

  private static void cluster(Config config) {
    Config.Cluster cluster = config.cluster();
    port("cluster.port", cluster.port());
    port("cluster.bus_port", cluster.busPort());
    port("cluster.public_port", cluster.publicPort());
    port("cluster.bus_public_port", cluster.busPublicPort());
    atLeast("cluster.ping_millis", cluster.pingMillis(), 100);
    atLeast("cluster.heartbeat_timeout_seconds", cluster.heartbeatTimeoutSeconds(), 2);
    atLeast("cluster.merge_seconds", cluster.mergeSeconds(), 1);
    atLeast("drain.notice_millis", config.drain().noticeMillis(), 0);
    atLeast("drain.deadline_millis", config.drain().deadlineMillis(), 1);
    atLeast("start.wait_seconds", config.start().waitSeconds(), 0);
    int reach = config.start().reachSeconds();
    if (reach < 0 || reach > MOST_REACH_SECONDS) {
      throw new ConfigException("start.reach_seconds must be 0 to 50, not " + reach + ".");
    }
    String token = config.management().token();
    if (token != null && token.length() < TOKEN_LENGTH) {
      throw new ConfigException(
          "management.token must have at least " + TOKEN_LENGTH + " characters.");
    }
  }

  private static void atLeast(String key, long value, long least) {
    if (value < least) {
      throw new ConfigException(key + " must be at least " + least + ", not " + value + ".");
    }
  }

  private static void port(String key, int port) {
    if (port < 0 || port > 65_535) {
      throw new ConfigException(key + " must be between 0 and 65535, not " + port + ".");
    }
  }

  private static void url(String key, String value) {
    if (value == null) {
      return;
    }
    try {
      URI uri = new URI(value);
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
        return;
      }
    } catch (URISyntaxException malformed) {
      // said below, as for every other value that is none
    }
    throw new ConfigException(key + " must be an http or https address, not '" + value + "'.");
  }

  /** The keys of a store that is not our own must be known; ours are derived. */
  private static void storage(Config config) {
    Config.Storage storage = config.storage();
    if ((storage.accessKey() == null) != (storage.secretKey() == null)) {
      throw new ConfigException("storage.access_key and storage.secret_key go together.");
    }
    if (storage.endpoint() != null
        && storage.accessKey() == null
        && config.mode() == Config.Mode.PRODUCTION) {
      throw new ConfigException(
          "SHARESTACK_STORAGE_ENDPOINT needs SHARESTACK_STORAGE_ACCESS_KEY and"
              + " SHARESTACK_STORAGE_SECRET_KEY.");
    }
    address("storage.endpoint", storage.endpoint());
    address("storage.public_url", storage.publicUrl());
  }

  private static void address(String key, String url) {
    if (url != null && !url.matches("https?://[A-Za-z0-9.-]+(:\\d{1,5})?(/[A-Za-z0-9._/-]*)?")) {
      throw new ConfigException(key + " must be like https://host[:port], not '" + url + "'.");
    }
  }

  private static void production(Config config) {
    if (config.has("sandbox")) {
      throw new ConfigException(
          "The sandbox role must not run in production: take it out of roles.");
    }
    if (config.mysql().url() == null || config.redis().url() == null) {
      throw new ConfigException(
          "Production needs SHARESTACK_MYSQL_URL and SHARESTACK_REDIS_URL: it runs no embedded"
              + " servers.");
    }
    if (config.seed()) {
      throw new ConfigException("Production takes no demo data: set SHARESTACK_SEED=false.");
    }
    if (config.auth().passwordCost() < 12) {
      throw new ConfigException("auth.password_cost must be at least 12 in production.");
    }
    secrets(config.secrets());
  }

  /** Refuses missing, generated and known-default keys. */
  static void secrets(Config.Secrets secrets) {
    if (secrets.generated()) {
      throw new ConfigException("Production refuses generated secrets: set SHARESTACK_SECRETS_*.");
    }
    String jwt = secrets.jwt();
    if (jwt == null || jwt.getBytes(StandardCharsets.UTF_8).length < JWT_BYTES || weak(jwt)) {
      throw new ConfigException(
          "SHARESTACK_SECRETS_JWT must be a random text of at least 32 bytes, no default.");
    }
    key("SHARESTACK_SECRETS_DATA", secrets.data());
    key("SHARESTACK_SECRETS_INDEX", secrets.index());
  }

  private static void key(String variable, String value) {
    try {
      if (value != null && Base64.getDecoder().decode(value).length == KEY_BYTES && !weak(value)) {
        return;
      }
    } catch (IllegalArgumentException notBase64) {
      // said below, for every way the key can be wrong
    }
    throw new ConfigException(variable + " must be 32 random bytes in Base64.");
  }

  /** Sample values and repeated characters are no secrets. */
  private static boolean weak(String secret) {
    String lower = secret.toLowerCase(java.util.Locale.ROOT);
    return secret.chars().distinct().count() < 10
        || lower.contains("changeme")
        || lower.contains("change-me")
        || lower.contains("secret")
        || lower.contains("password")
        || lower.contains("example");
  }
}
