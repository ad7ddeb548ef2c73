package com.sharestack.platform.db;

import com.sharestack.contract.wire.Wire;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Reads columns the way the schema means them, on MySQL and MariaDB alike. */
public final class Rows {

  private Rows() {}

  /** A UTC DATETIME(3) column; null stays null. */
  public static Instant instant(Row row, String column) {
    LocalDateTime value = row.getLocalDateTime(column);
    return value == null ? null : value.toInstant(ZoneOffset.UTC);
  }

  /** A JSON object kept as text (MariaDB has no JSON type of its own); null stays null. */
  public static JsonObject json(Row row, String column) {
    Object value = row.getValue(column);
    return switch (value) {
      case null -> null;
      case JsonObject object -> object;
      default -> new JsonObject(value.toString());
    };
  }

  /** A JSON array kept as text; null stays null. */
  public static JsonArray jsonArray(Row row, String column) {
    Object value = row.getValue(column);
    return switch (value) {
      case null -> null;
      case JsonArray array -> array;
      default -> new JsonArray(value.toString());
    };
  }

  /** A contract record kept as JSON text; null stays null. */
  public static <T> T record(Row row, String column, Class<T> type) {
    String text = row.getString(column);
    return text == null ? null : Wire.parse(text, type);
  }

  /** A BOOLEAN (TINYINT(1)) column. */
  public static boolean flag(Row row, String column) {
    return row.getInteger(column) != 0;
  }

  /** {@code count} question marks for an IN list; the caller bounds the count. */
  public static String marks(int count) {
    return "?,".repeat(count).substring(0, 2 * count - 1);
  }
}
