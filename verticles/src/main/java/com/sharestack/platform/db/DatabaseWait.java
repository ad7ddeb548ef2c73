package com.sharestack.platform.db;

import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.embedded.StartupFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node may be started before its database: it waits, and says for what. */
public final class DatabaseWait {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseWait.class);
  private static final long PAUSE_MILLIS = 500;

  /** Class of SQL states that mean "not reached", as opposed to "refused". */
  private static final String CONNECTION = "08";

  private static final int STARTING = 1040;

  private final Endpoints endpoints;
  private final Duration longest;

  public DatabaseWait(Endpoints endpoints, Duration longest) {
    this.endpoints = endpoints;
    this.longest = longest;
  }

  /**
   * Returns when the server answers, be it with a refusal: what is wrong with the account or the
   * schema is told by who uses it next.
   *
   * @throws StartupFailure when it did not answer in time
   */
  public void await() throws InterruptedException {
    long start = System.nanoTime();
    String said = null;
    for (String why = away(); why != null; why = away()) {
      if (System.nanoTime() - start > longest.toNanos()) {
        throw new StartupFailure(
            "The database did not answer within %d s: %s. Start it, or correct SHARESTACK_MYSQL_URL."
                .formatted(longest.toSeconds(), why));
      }
      if (!why.equals(said)) {
        LOG.warn(
            "waiting for the database at {}:{}: {}",
            endpoints.mysqlHost(),
            endpoints.mysqlPort(),
            why);
        said = why;
      }
      new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Null when it answers. */
  private String away() {
    try (Connection connection = endpoints.connect()) {
      return connection.isValid(2) ? null : "the connection is not usable";
    } catch (SQLException failure) {
      boolean unreached =
          failure.getSQLState() != null && failure.getSQLState().startsWith(CONNECTION)
              || failure.getErrorCode() == STARTING;
      return unreached ? firstLine(failure) : null;
    }
  }

  private static String firstLine(SQLException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no answer");
  }
}
