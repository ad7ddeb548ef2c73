package com.sharestack.platform.db;

import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.embedded.Stages;
import com.sharestack.platform.embedded.StartupFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.ErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.api.output.ValidateResult;

/**
 * Brings the database to the schema of this build: forward only, each file once, on MySQL and
 * MariaDB alike. Several nodes may do it at the same time; one works, the others wait.
 */
public final class Migrations {
  public static final String LOCATION = "classpath:sql/migration";

  private static final String HISTORY = "flyway_schema_history";
  private static final int UNKNOWN_DATABASE = 1049;
  private static final int ACCESS_DENIED = 1045;
  private static final int DATABASE_DENIED = 1044;

  /** What MySQL says of some users it does not know, depending on the name. */
  private static final int UNKNOWN_AUTHENTICATION = 1251;

  private final Endpoints endpoints;
  private final String location;

  public Migrations(Endpoints endpoints) {
    this(endpoints, LOCATION);
  }

  /**
   * @param location of the files, as Flyway writes it
   */
  public Migrations(Endpoints endpoints, String location) {
    this.endpoints = endpoints;
    this.location = location;
  }

  /**
   * Applies what is missing.
   *
   * @return how many files were applied
   * @throws StartupFailure if the database cannot be reached, or holds something this build must
   *     not touch
   */
  public int migrate(Stages.Progress progress) {
    requireOwnSchema();
    Reporter reporter = new Reporter(progress);
    Flyway flyway = flyway(reporter);
    try {
      reporter.pending = flyway.info().pending().length;
      ValidateResult result = flyway.validateWithResult();
      if (!result.validationSuccessful) {
        throw refused(result);
      }
      return flyway.migrate().migrationsExecuted;
    } catch (FlywayValidateException e) {
      throw refused(flyway.validateWithResult());
    } catch (FlywayException e) {
      throw new StartupFailure(
          "Migrating %s failed: %s. Restore it from a backup or use an empty database, then start again."
              .formatted(database(), firstLines(e)),
          e);
    }
  }

  private Flyway flyway(Reporter reporter) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(endpoints.jdbcUrl(), endpoints.mysqlUser(), endpoints.mysqlPassword())
        .locations(location)
        .table(HISTORY)
        .validateMigrationNaming(true)
        .failOnMissingLocations(true)
        .ignoreMigrationPatterns("*:pending") // not "future": a newer schema must be noticed
        .cleanDisabled(true)
        .callbacks(reporter)
        .load();
  }

  /** A schema that Flyway does not know is somebody else's: nothing is created in it. */
  private void requireOwnSchema() {
    try (Connection connection = endpoints.connect()) {
      boolean foreign =
          count(
                      connection,
                      "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ?",
                      endpoints.mysqlDatabase())
                  > 0
              && count(
                      connection,
                      "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ? AND"
                          + " table_name = '"
                          + HISTORY
                          + "'",
                      endpoints.mysqlDatabase())
                  == 0;
      if (foreign) {
        throw new StartupFailure(
            "%s has tables that ShareStack did not make: name an empty database in SHARESTACK_MYSQL_URL."
                .formatted(capitalised(database())));
      }
    } catch (SQLException e) {
      throw unreachable(e);
    }
  }

  private StartupFailure unreachable(SQLException e) {
    String advice =
        switch (e.getErrorCode()) {
          case UNKNOWN_DATABASE ->
              "does not exist: create it (CREATE DATABASE %s) or correct SHARESTACK_MYSQL_URL"
                  .formatted(endpoints.mysqlDatabase());
          case ACCESS_DENIED, DATABASE_DENIED, UNKNOWN_AUTHENTICATION ->
              "refuses the user %s: correct the name, the password or the rights in SHARESTACK_MYSQL_URL"
                  .formatted(endpoints.mysqlUser());
          default -> "cannot be reached: start that server or correct SHARESTACK_MYSQL_URL";
        };
    return new StartupFailure(capitalised(database()) + " " + advice + ".", e);
  }

  private StartupFailure refused(ValidateResult result) {
    if (result.invalidMigrations.isEmpty()) {
      return new StartupFailure(
          "%s does not fit this build: %s"
              .formatted(capitalised(database()), result.getAllErrorMessages()));
    }
    ValidateOutput first = result.invalidMigrations.getFirst();
    String version =
        "V" + first.version + (first.description == null ? "" : " (" + first.description + ")");
    ErrorCode code = first.errorDetails.errorCode;
    String advice;
    if (code == CoreErrorCode.FAILED_VERSIONED_MIGRATION
        || code == CoreErrorCode.FAILED_REPEATABLE_MIGRATION) {
      advice =
          "stopped half way in %s: restore it from a backup or use an empty database, then start"
              + " again";
    } else if (code == CoreErrorCode.APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED
        || code == CoreErrorCode.APPLIED_REPEATABLE_MIGRATION_NOT_RESOLVED) {
      advice =
          "was made by a newer ShareStack, which applied %s: start that version or use another"
              + " database";
    } else if (code == CoreErrorCode.RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED) {
      advice =
          "skipped %s and is already further: use the build it was made with or another database";
    } else {
      advice =
          "was made by another build, whose %s differs from this one's: start that build or use"
              + " another database";
    }
    return new StartupFailure(capitalised(database()) + " " + advice.formatted(version) + ".");
  }

  private String database() {
    return "the database %s at %s:%d"
        .formatted(endpoints.mysqlDatabase(), endpoints.mysqlHost(), endpoints.mysqlPort());
  }

  private static String capitalised(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static String firstLines(FlywayException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String script = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return script.equals(reason) ? script : script + " - " + reason;
  }

  private static long count(Connection connection, String sql, String schema) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, schema);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  /** Turns Flyway's events into progress. */
  private static final class Reporter extends BaseCallback {
    private final Stages.Progress progress;
    private int pending;
    private int done;

    Reporter(Stages.Progress progress) {
      this.progress = progress;
    }

    @Override
    public boolean supports(Event event, Context context) {
      return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
      if (event == Event.AFTER_EACH_MIGRATE) {
        progress.report(++done, Math.max(pending, done));
      }
    }
  }
}
