package com.sharestack.platform.config;

/** Sections of {@link Config} about the servers that keep data, and the keys it is sealed with. */
public sealed interface DataConfig permits Config {

  /**
   * @param url {@code mysql://user:password@host:port/database}, null = embedded
   * @param port of the embedded server, 0 = a free one
   */
  record Database(
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
  record RedisLink(String url, int port, int connections, int waitQueue, String prefix) {
    @Override
    public String toString() {
      return "RedisLink[…]"; // the address holds a password
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
  record Storage(
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
  record Secrets(
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
}
