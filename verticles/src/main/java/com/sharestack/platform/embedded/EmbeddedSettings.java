package com.sharestack.platform.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * What to start and where.
 *
 * @param dataFolder what must be kept: database files, logs, lock (SHARESTACK_DATA)
 * @param cacheFolder what can be made again: the unpacked programs (SHARESTACK_CACHE)
 * @param mysqlUrl an external database; then none is unpacked or started (SHARESTACK_MYSQL_URL)
 * @param redisUrl an external Redis; then none is started (SHARESTACK_REDIS_URL)
 * @param mysqlPort 0 = a free one, remembered in the data folder (SHARESTACK_MYSQL_PORT)
 * @param redisPort 0 = a free one, remembered in the data folder (SHARESTACK_REDIS_PORT)
 * @param mysqlPassword of the user {@code sharestack}; set anew at each start, so it may change
 *     between starts
 * @param redisPassword of the default user
 * @param mysqlOptions further options of the database server
 * @param usableBytes how much space the disk of a folder has left; replaced by tests
 */
public record EmbeddedSettings(
    Path dataFolder,
    Path cacheFolder,
    Optional<String> mysqlUrl,
    Optional<String> redisUrl,
    int mysqlPort,
    int redisPort,
    String mysqlPassword,
    String redisPassword,
    List<String> mysqlOptions,
    ToLongFunction<Path> usableBytes) {

  /** The passwords stand in SQL and configuration text, so they need no quoting rules. */
  private static final Pattern PASSWORD = Pattern.compile("[A-Za-z0-9_-]{16,128}");

  public EmbeddedSettings {
    dataFolder = dataFolder.toAbsolutePath().normalize();
    cacheFolder = cacheFolder.toAbsolutePath().normalize();
    mysqlOptions = List.copyOf(mysqlOptions);
    if (!PASSWORD.matcher(mysqlPassword).matches() || !PASSWORD.matcher(redisPassword).matches()) {
      throw new IllegalArgumentException(
          "passwords of embedded servers need 16 to 128 of A-Z a-z 0-9 _ -");
    }
  }

  /** Both servers, on free ports. */
  public static EmbeddedSettings of(
      Path dataFolder, Path cacheFolder, String mysqlPassword, String redisPassword) {
    return new EmbeddedSettings(
        dataFolder,
        cacheFolder,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        mysqlPassword,
        redisPassword,
        List.of(),
        folder -> folder.toFile().getUsableSpace());
  }

  public EmbeddedSettings withUrls(Optional<String> mysql, Optional<String> redis) {
    return new EmbeddedSettings(
        dataFolder,
        cacheFolder,
        mysql,
        redis,
        mysqlPort,
        redisPort,
        mysqlPassword,
        redisPassword,
        mysqlOptions,
        usableBytes);
  }

  public EmbeddedSettings withPorts(int mysql, int redis) {
    return new EmbeddedSettings(
        dataFolder,
        cacheFolder,
        mysqlUrl,
        redisUrl,
        mysql,
        redis,
        mysqlPassword,
        redisPassword,
        mysqlOptions,
        usableBytes);
  }

  public EmbeddedSettings withMysqlOptions(List<String> options) {
    return new EmbeddedSettings(
        dataFolder,
        cacheFolder,
        mysqlUrl,
        redisUrl,
        mysqlPort,
        redisPort,
        mysqlPassword,
        redisPassword,
        options,
        usableBytes);
  }

  EmbeddedSettings withUsableBytes(ToLongFunction<Path> measure) {
    return new EmbeddedSettings(
        dataFolder,
        cacheFolder,
        mysqlUrl,
        redisUrl,
        mysqlPort,
        redisPort,
        mysqlPassword,
        redisPassword,
        mysqlOptions,
        measure);
  }

  EmbeddedSettings withCacheFolder(Path folder) {
    return new EmbeddedSettings(
        dataFolder,
        folder,
        mysqlUrl,
        redisUrl,
        mysqlPort,
        redisPort,
        mysqlPassword,
        redisPassword,
        mysqlOptions,
        usableBytes);
  }

  /**
   * @throws StartupFailure if the disk of the folder has less than that many bytes left
   */
  void requireSpace(Path folder, long neededBytes, String setting) {
    long usable = usableBytes.applyAsLong(folder);
    if (usable < neededBytes) {
      throw StartupFailure.noSpace(folder, usable, neededBytes, setting);
    }
  }
}
