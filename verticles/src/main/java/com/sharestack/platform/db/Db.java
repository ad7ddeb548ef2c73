package com.sharestack.platform.db;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.mysqlclient.MySQLBatchException;
import io.vertx.mysqlclient.MySQLClient;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The database as virtual threads see it: blocking calls, bounded in time, on a bounded pool. */
public final class Db implements Sql {

  private static final int DUPLICATE_KEY = 1062;
  private static final int LOCK_TIMEOUT = 1205;
  private static final int DEADLOCK = 1213;

  /** MySQL's answer to NOWAIT; MariaDB says LOCK_TIMEOUT. */
  private static final int LOCK_NOT_FREE = 3572;

  private static final int ATTEMPTS = 4;
  private static final Pattern KEY_NAME =
      Pattern.compile(".*for key '(?:[^'.]*\\.)?([^'.]+)'", Pattern.DOTALL);

  private final Pool pool;
  private final long timeoutMillis;
  private final Counter statements;

  /**
   * @param timeoutMillis the longest a statement may take before its caller hears GATEWAY_TIMEOUT
   */
  public Db(Pool pool, long timeoutMillis, MeterRegistry meters) {
    this.pool = pool;
    this.timeoutMillis = timeoutMillis;
    this.statements =
        Counter.builder("sharestack.db.statements")
            .description("SQL statements sent, batches counted once")
            .register(meters);
  }

  @Override
  public List<Row> rows(String sql, Object... args) {
    return list(repeated(() -> execute(pool, sql, args)));
  }

  @Override
  public int update(String sql, Object... args) {
    return repeated(() -> execute(pool, sql, args)).rowCount();
  }

  @Override
  public long insert(String sql, Object... args) {
    return repeated(() -> execute(pool, sql, args)).property(MySQLClient.LAST_INSERTED_ID);
  }

  @Override
  public List<Integer> batch(String sql, List<Object[]> args) {
    return executeBatch(pool, sql, args);
  }

  /**
   * Runs {@code work} in one transaction: committed when it returns, rolled back when it throws. A
   * deadlock or lock timeout rolls back and runs {@code work} again, four times at most, so it must
   * have no effect besides its statements.
   */
  public <T> T tx(Function<Tx, T> work) {
    return repeated(
        () -> {
          SqlConnection connection = connection();
          try {
            return once(connection, work);
          } finally {
            connection.close();
          }
        });
  }

  /** What lost a lock was rolled back whole, a single statement too, and may be run again. */
  private static <T> T repeated(Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.get();
      } catch (LockConflict conflict) {
        if (attempt == ATTEMPTS) {
          throw Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "reason", "DATABASE_BUSY");
        }
      }
    }
  }

  /** A connection that comes after its caller gave up goes back to the pool. */
  private SqlConnection connection() {
    Future<SqlConnection> wanted = pool.getConnection();
    try {
      return await(wanted);
    } catch (RuntimeException gaveUp) {
      wanted.onSuccess(SqlConnection::close);
      throw gaveUp;
    }
  }

  private <T> T once(SqlConnection connection, Function<Tx, T> work) {
    Transaction transaction = await(connection.begin());
    boolean committed = false;
    try {
      OpenTx open = new OpenTx(connection);
      T result = work.apply(open);
      await(transaction.commit());
      committed = true;
      open.effects.forEach(Db::quietly);
      return result;
    } finally {
      if (!committed) {
        rollback(transaction);
      }
    }
  }

  /** What is committed has happened, whatever becomes of the hint about it. */
  private static void quietly(Runnable effect) {
    try {
      effect.run();
    } catch (RuntimeException broken) {
      org.slf4j.LoggerFactory.getLogger(Db.class).error("after a commit", broken);
    }
  }

  /** The failure on its way out matters, not that of the rollback: the server rolls back anyway. */
  private void rollback(Transaction transaction) {
    try {
      transaction.rollback().timeout(timeoutMillis, TimeUnit.MILLISECONDS).await();
    } catch (RuntimeException alreadyClosed) {
      org.slf4j.LoggerFactory.getLogger(Db.class)
          .debug("rollback after a failure: {}", alreadyClosed.getMessage());
    }
  }

  /** Whether the database answers; for readiness. */
  public Future<Void> ping() {
    return pool.query("SELECT 1")
        .execute()
        .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .mapEmpty();
  }

  private RowSet<Row> execute(SqlClient client, String sql, Object... args) {
    statements.increment();
    return await(client.preparedQuery(sql).execute(Arguments.tuple(args)));
  }

  private List<Integer> executeBatch(SqlClient client, String sql, List<Object[]> args) {
    List<Integer> counts = new ArrayList<>(args.size());
    if (args.isEmpty()) {
      return counts;
    }
    statements.increment();
    List<Tuple> tuples = args.stream().map(Arguments::tuple).toList();
    for (RowSet<Row> set = await(client.preparedQuery(sql).executeBatch(tuples));
        set != null;
        set = set.next()) {
      counts.add(set.rowCount());
    }
    return counts;
  }

  private static List<Row> list(RowSet<Row> set) {
    List<Row> rows = new ArrayList<>(set.size());
    set.forEach(rows::add);
    return rows;
  }

  private <T> T await(Future<T> answer) {
    try {
      return answer.timeout(timeoutMillis, TimeUnit.MILLISECONDS).await();
    } catch (Throwable failure) {
      throw translate(failure);
    }
  }

  private static RuntimeException translate(Throwable failure) {
    if (failure instanceof MySQLBatchException batch && !batch.getIterationError().isEmpty()) {
      // what the first of the batch's statements to fail was told; the others follow from it
      return translate(new TreeMap<>(batch.getIterationError()).firstEntry().getValue());
    }
    if (failure instanceof MySQLException said) {
      return switch (said.getErrorCode()) {
        case DUPLICATE_KEY -> new DuplicateKeyException(keyName(said.getMessage()));
        case DEADLOCK, LOCK_TIMEOUT, LOCK_NOT_FREE -> new LockConflict(said);
        default -> said;
      };
    }
    if (failure instanceof TimeoutException) {
      return Errors.of(ErrorCode.GATEWAY_TIMEOUT, "reason", "DATABASE_SLOW");
    }
    // no connection, or one that ended: refused, closed, reset
    if (failure instanceof java.io.IOException || failure instanceof io.vertx.core.VertxException) {
      org.slf4j.LoggerFactory.getLogger(Db.class).warn("database away: {}", failure.toString());
      return Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "reason", "DATABASE_AWAY");
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }

  private static String keyName(String message) {
    Matcher matcher = KEY_NAME.matcher(message);
    return matcher.find() ? matcher.group(1) : message;
  }

  /** The transaction lost against another one and may be run again. */
  private static final class LockConflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LockConflict(Throwable cause) {
      super(cause.getMessage(), cause, false, false);
    }
  }

  private final class OpenTx implements Tx {
    private final SqlConnection connection;
    private final List<Runnable> effects = new ArrayList<>();

    OpenTx(SqlConnection connection) {
      this.connection = connection;
    }

    @Override
    public List<Row> rows(String sql, Object... args) {
      return list(execute(connection, sql, args));
    }

    @Override
    public int update(String sql, Object... args) {
      return execute(connection, sql, args).rowCount();
    }

    @Override
    public long insert(String sql, Object... args) {
      return execute(connection, sql, args).property(MySQLClient.LAST_INSERTED_ID);
    }

    @Override
    public List<Integer> batch(String sql, List<Object[]> args) {
      return executeBatch(connection, sql, args);
    }

    @Override
    public void afterCommit(Runnable effect) {
      effects.add(effect);
    }
  }
}
