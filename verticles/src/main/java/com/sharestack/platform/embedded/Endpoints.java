package com.sharestack.platform.embedded;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Where the data services are, whoever started them.
 *
 * @param redisUrl {@code redis://[user][:password@]host:port[/database]}, or {@code rediss:} for
 *     TLS
 */
public record Endpoints(
    String mysqlHost,
    int mysqlPort,
    String mysqlUser,
    String mysqlPassword,
    String mysqlDatabase,
    String redisUrl) {

  /**
   * Reads the URL of a MySQL-protocol server.
   *
   * @param url {@code mysql://user:password@host:port/database}, user and password percent-encoded;
   *     the port defaults to 3306 and the database to {@code sharestack}
   * @throws StartupFailure if it cannot be understood
   */
  public static Endpoints ofMysqlUrl(String url, String redisUrl) {
    URI uri =
        uri(
            "SHARESTACK_MYSQL_URL",
            url,
            "mysql://user:password@host:3306/database",
            "mysql",
            "mariadb");
    String user = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    int colon = user.indexOf(':');
    String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
    return new Endpoints(
        uri.getHost(),
        uri.getPort() < 0 ? 3306 : uri.getPort(),
        decoded(colon < 0 ? user : user.substring(0, colon)),
        colon < 0 ? "" : decoded(user.substring(colon + 1)),
        path.isEmpty() ? "sharestack" : path,
        redisUrl);
  }

  /** The same URL if it can be understood. */
  public static String checkedRedisUrl(String url) {
    uri("SHARESTACK_REDIS_URL", url, "redis://:password@host:6379/0", "redis", "rediss");
    return url;
  }

  public Endpoints withDatabase(String database) {
    return new Endpoints(mysqlHost, mysqlPort, mysqlUser, mysqlPassword, database, redisUrl);
  }

  public Endpoints withRedisUrl(String url) {
    return new Endpoints(mysqlHost, mysqlPort, mysqlUser, mysqlPassword, mysqlDatabase, url);
  }

  /** For the MariaDB driver, which serves MySQL just as well; without user and password. */
  public String jdbcUrl() {
    // The key is fetched from the server as the SQL client of the application does it; a network
    // that is not trusted
    // needs TLS for both.
    return "jdbc:mariadb://%s:%d/%s?allowPublicKeyRetrieval=true&connectTimeout=5000"
        .formatted(mysqlHost, mysqlPort, mysqlDatabase);
  }

  /** The same as a URL, as {@link #ofMysqlUrl} reads it. */
  public String mysqlUrl() {
    return "mysql://%s:%s@%s:%d/%s"
        .formatted(encoded(mysqlUser), encoded(mysqlPassword), mysqlHost, mysqlPort, mysqlDatabase);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A new connection; several statements may be sent in one text. */
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", mysqlUser);
    properties.setProperty("password", mysqlPassword);
    properties.setProperty("allowMultiQueries", "true");
    return new org.mariadb.jdbc.Driver().connect(jdbcUrl(), properties);
  }

  /** Where the servers are, without the passwords. */
  public String addresses() {
    return "mysql://%s@%s:%d/%s, %s"
        .formatted(
            mysqlUser,
            mysqlHost,
            mysqlPort,
            mysqlDatabase,
            String.valueOf(redisUrl).replaceFirst("//[^@/]*@", "//…@"));
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "Endpoints[" + addresses() + "]";
  }

  private static URI uri(
      String variable, String url, String example, String scheme, String otherScheme) {
    try {
      URI uri = URI.create(url.strip());
      if (uri.getHost() != null
          && (scheme.equals(uri.getScheme()) || otherScheme.equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below; the text of the exception would show the password
    }
    throw new StartupFailure(
        variable
            + " cannot be understood: write it like "
            + example
            + ", with special characters percent-encoded.");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
