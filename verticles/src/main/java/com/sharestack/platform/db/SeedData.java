package com.sharestack.platform.db;

import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.embedded.Stages;
import com.sharestack.platform.embedded.StartupFailure;
import com.sharestack.platform.resources.ClasspathFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Fills the database with demo data: every file of a folder once, in the order of the names, each
 * in one transaction with the row that remembers it. Files hold only INSERT, UPDATE and DELETE:
 * other statements would commit on the way.
 */
public final class SeedData {
  public static final String FOLDER = "sql/seed";

  private static final int LOCK_SECONDS = 60;

  private final Endpoints endpoints;
  private final String folder;
  private final Consumer<String> warnings;

  /**
   * @param warnings told, in a sentence, of a file that was changed after it had been applied
   */
  public SeedData(Endpoints endpoints, Consumer<String> warnings) {
    this(endpoints, FOLDER, warnings);
  }

  SeedData(Endpoints endpoints, String folder, Consumer<String> warnings) {
    this.endpoints = endpoints;
    this.folder = folder;
    this.warnings = warnings;
  }

  /**
   * Applies what is missing.
   *
   * @return how many files were applied
   * @throws StartupFailure if a file fails; its own rows are undone then, those of the files before
   *     stay
   */
  public int apply(Stages.Progress progress) {
    SortedMap<String, String> files = files();
    try (Connection connection = endpoints.connect()) {
      createHistory(connection);
      lock(connection);
      Map<String, String> applied = applied(connection);
      int count = 0;
      int seen = 0;
      for (Map.Entry<String, String> file : files.entrySet()) {
        String checksum = checksum(file.getValue());
        String known = applied.get(file.getKey());
        if (known == null) {
          apply(connection, file.getKey(), file.getValue(), checksum);
          count++;
        } else if (!known.equals(checksum)) {
          warnings.accept(
              "Seed file "
                  + file.getKey()
                  + " was changed after it had been applied; it is not applied again.");
        }
        progress.report(++seen, files.size());
      }
      return count;
    } catch (SQLException e) {
      throw new StartupFailure(
          "Seed data cannot be kept track of in the database %s (%s): check the rights of its user."
              .formatted(endpoints.mysqlDatabase(), e.getMessage()),
          e);
    }
  }

  private SortedMap<String, String> files() {
    SortedMap<String, String> files = new TreeMap<>();
    try {
      ClasspathFolder.visit(
          folder,
          found -> {
            for (Path file : ClasspathFolder.files(found)) {
              String name = file.getFileName().toString();
              if (name.endsWith(".sql")) {
                files.putIfAbsent(name, Files.readString(file));
              }
            }
          });
    } catch (IOException e) {
      throw new StartupFailure(
          "The seed data of this build cannot be read: build or download it again.", e);
    }
    return files;
  }

  private static void createHistory(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS seed_history (
            name VARCHAR(200) NOT NULL PRIMARY KEY,
            checksum CHAR(64) NOT NULL,
            applied_at DATETIME(3) NOT NULL)
          """);
    }
  }

  /** Nodes that start together take turns; the lock goes with the connection. */
  private void lock(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT GET_LOCK(?, ?)")) {
      // lock names belong to the whole server and are at most 64 characters long
      statement.setString(1, "seed:" + checksum(endpoints.mysqlDatabase()).substring(0, 32));
      statement.setInt(2, LOCK_SECONDS);
      try (ResultSet result = statement.executeQuery()) {
        if (!result.next() || result.getInt(1) != 1) {
          throw new StartupFailure(
              "Another node has been applying seed data for a minute: start again when it has"
                  + " ended.");
        }
      }
    }
  }

  private static Map<String, String> applied(Connection connection) throws SQLException {
    Map<String, String> applied = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT name, checksum FROM seed_history")) {
      while (result.next()) {
        applied.put(result.getString(1), result.getString(2));
      }
    }
    return applied;
  }

  private static void apply(Connection connection, String name, String sql, String checksum)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement();
        PreparedStatement history =
            connection.prepareStatement(
                "INSERT INTO seed_history (name, checksum, applied_at) VALUES (?, ?,"
                    + " UTC_TIMESTAMP(3))")) {
      statement.execute(sql);
      // an error of a later statement shows only when its result is fetched
      while (statement.getMoreResults() || statement.getUpdateCount() != -1) {}
      history.setString(1, name);
      history.setString(2, checksum);
      history.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw new StartupFailure(
          "Seed file %s failed (%s): use an empty database or start without seed data."
              .formatted(name, e.getMessage()),
          e);
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static String checksum(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
