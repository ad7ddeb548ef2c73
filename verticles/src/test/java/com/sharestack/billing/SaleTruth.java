package com.sharestack.billing;

import com.sharestack.platform.embedded.Endpoints;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the database holds, read over a line of its own that no kill cuts. */
final class SaleTruth implements AutoCloseable {

  private final Connection connection;

  SaleTruth(String mysqlUrl) {
    try {
      connection = Endpoints.ofMysqlUrl(mysqlUrl, null).connect();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A row by column labels. */
  record Line(Map<String, Object> columns) {

    boolean has(String column) {
      if (!columns.containsKey(column)) {
        throw new IllegalArgumentException(column + " of " + columns.keySet());
      }
      return columns.get(column) != null;
    }

    String text(String column) {
      return has(column) ? columns.get(column).toString() : null;
    }

    /** 0 for null. */
    long number(String column) {
      return switch (has(column) ? columns.get(column) : 0L) {
        case Boolean flag -> flag ? 1 : 0;
        case Number number -> number.longValue();
        default -> throw new IllegalArgumentException(column + " is no number");
      };
    }

    Instant time(String column) {
      return has(column) ? ((LocalDateTime) columns.get(column)).toInstant(ZoneOffset.UTC) : null;
    }

    @Override
    public String toString() {
      return columns.toString();
    }
  }

  List<Line> lines(String sql, Object... args) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      fill(statement, args);
      try (ResultSet set = statement.executeQuery()) {
        List<Line> lines = new ArrayList<>();
        ResultSetMetaData names = set.getMetaData();
        while (set.next()) {
          Map<String, Object> columns = new HashMap<>();
          for (int i = 1; i <= names.getColumnCount(); i++) {
            Object value = set.getObject(i);
            columns.put(
                names.getColumnLabel(i),
                value instanceof java.sql.Timestamp
                    ? set.getObject(i, LocalDateTime.class)
                    : value);
          }
          lines.add(new Line(columns));
        }
        return lines;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  long number(String sql, Object... args) {
    return lines(sql, args).getFirst().columns().values().stream()
        .map(value -> value == null ? 0L : ((Number) value).longValue())
        .findFirst()
        .orElseThrow();
  }

  /** For what the services under test have no operation to make. */
  long insert(String sql, Object... args) {
    try (PreparedStatement statement =
        connection.prepareStatement(sql, PreparedStatement.RETURN_GENERATED_KEYS)) {
      fill(statement, args);
      statement.executeUpdate();
      try (ResultSet keys = statement.getGeneratedKeys()) {
        return keys.next() ? keys.getLong(1) : 0;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static void fill(PreparedStatement statement, Object... args) throws SQLException {
    for (int i = 0; i < args.length; i++) {
      statement.setObject(
          i + 1,
          args[i] instanceof Instant at ? LocalDateTime.ofInstant(at, ZoneOffset.UTC) : args[i]);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
