package com.sharestack.platform.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/**
 * Keys and cluster name of an embedded installation: made at the first start, kept in its data
 * folder.
 */
public final class Secrets {

  private static final int BYTES = 32;
  private static final List<String> NAMES =
      List.of("jwt", "data", "index", "mysql", "redis", "cluster");

  /** Name of a cluster whose nodes share servers given by URL, unless the configuration has one. */
  private static final String SHARED_CLUSTER = "sharestack";

  /** Nothing embedded is started, so nothing has this password. */
  private static final String UNUSED = "unused-with-external-servers";

  private Secrets() {}

  /**
   * Returns {@code config} with every missing key filled in from {@code secrets.properties} of the
   * data folder, which is made, readable by its owner only, when it is not there.
   *
   * @throws ConfigException when the file cannot be read or written
   */
  public static Config complete(Config config) {
    Config.Secrets given = config.secrets();
    boolean external = config.mysql().url() != null && config.redis().url() != null;
    if (given.jwt() != null && given.data() != null && given.index() != null && external) {
      return config
          .withSecrets(
              new Config.Secrets(given.jwt(), given.data(), given.index(), UNUSED, UNUSED, false))
          .withClusterName(SHARED_CLUSTER);
    }
    if (config.mode() == Config.Mode.PRODUCTION) {
      ConfigRules.secrets(given);
    }
    Path file = config.data().resolve("secrets.properties");
    try {
      Properties kept = Files.exists(file) ? read(file) : make(file);
      Config named =
          config.withClusterName(external ? SHARED_CLUSTER : kept.getProperty("cluster"));
      return named.withSecrets(
          new Config.Secrets(
              given.jwt() != null ? given.jwt() : kept.getProperty("jwt"),
              given.data() != null ? given.data() : kept.getProperty("data"),
              given.index() != null ? given.index() : kept.getProperty("index"),
              kept.getProperty("mysql"),
              kept.getProperty("redis"),
              true));
    } catch (IOException e) {
      throw new ConfigException("The secrets file " + file + " cannot be used: " + e.getMessage());
    }
  }

  private static Properties read(Path file) throws IOException {
    Properties kept = new Properties();
    try (var in = Files.newInputStream(file)) {
      kept.load(in);
    }
    if (NAMES.stream().anyMatch(name -> kept.getProperty(name, "").isBlank())) {
      throw new IOException("it is incomplete; restore it, or move the data folder away");
    }
    return kept;
  }

  private static Properties make(Path file) throws IOException {
    Properties made = new Properties();
    SecureRandom random = new SecureRandom();
    for (String name : NAMES) {
      byte[] key = new byte[BYTES];
      random.nextBytes(key);
      made.setProperty(name, text(name, key));
    }
    return store(file, made);
  }

  /** Two installations on one machine must not meet in one cluster, so each has a name. */
  private static String text(String name, byte[] key) {
    return switch (name) {
      case "mysql", "redis" -> HexFormat.of().formatHex(key);
      case "cluster" -> "sharestack-" + HexFormat.of().formatHex(key, 0, 4);
      default -> Base64.getEncoder().encodeToString(key);
    };
  }

  private static Properties store(Path file, Properties made) throws IOException {
    Files.createDirectories(file.getParent());
    Path draft = Files.createTempFile(file.getParent(), "secrets", ".tmp");
    if (Files.getFileStore(draft).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
    }
    try (var out = Files.newOutputStream(draft)) {
      made.store(out, "Made at the first start. Without it encrypted columns cannot be read.");
    }
    Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    return made;
  }
}
