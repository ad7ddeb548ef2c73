package com.sharestack.platform.db;

import com.sharestack.contract.wire.Wire;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Turns Java values into what the client binds. */
final class Arguments {

  private Arguments() {}

  static Tuple tuple(Object... args) {
    Tuple tuple = Tuple.tuple();
    for (Object arg : args) {
      tuple.addValue(bind(arg));
    }
    return tuple;
  }

  private static Object bind(Object arg) {
    return switch (arg) {
      case null -> null;
      case Instant instant -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
      case Enum<?> literal -> enumLiteral(literal);
      case Record record -> Wire.text(record);
      case JsonObject json -> json.encode();
      case JsonArray json -> json.encode();
      case Boolean flag -> flag ? 1 : 0;
      default -> arg;
    };
  }

  /** Enums of the contract are stored as the contract spells them. */
  private static String enumLiteral(Enum<?> value) {
    String quoted = Wire.text(value);
    return quoted.substring(1, quoted.length() - 1);
  }
}
