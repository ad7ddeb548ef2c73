package com.sharestack.platform.db;

import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;

/**
 * Statements against MySQL, each awaited on the calling virtual thread. Implemented by {@link Db}
 * (one statement, autocommit) and {@link Tx} (inside a transaction). Arguments may be {@code
 * Instant} (stored as UTC DATETIME(3)), enums of the contract (stored by their literal), records
 * and JSON (stored as text) besides what the client knows.
 *
 * <p>Errors: {@link DuplicateKeyException} when a unique key said no; {@code ServiceException}
 * SERVICE_UNAVAILABLE when no connection is to be had; GATEWAY_TIMEOUT when the server does not
 * answer within the statement timeout.
 */
public interface Sql {

  List<Row> rows(String sql, Object... args);

  /** The first row, when there is one. */
  default Optional<Row> row(String sql, Object... args) {
    List<Row> rows = rows(sql, args);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
  }

  /**
   * @return the rows the statement found (not only those it changed)
   */
  int update(String sql, Object... args);

  /**
   * @return the generated id
   */
  long insert(String sql, Object... args);

  /**
   * The same statement for many argument lists, pipelined as one batch.
   *
   * @return the rows found by each
   */
  List<Integer> batch(String sql, List<Object[]> args);
}
