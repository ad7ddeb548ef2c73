package com.sharestack.contract.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.DatabindCodec;
import io.vertx.core.json.jackson.VertxModule;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * The one JSON mapping of contract records, used on the bus and over HTTP: times in RFC 3339 UTC
 * with second precision, money as plain decimals that never become floating point.
 */
public final class Wire {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new VertxModule())
          .addModule(new JavaTimeModule())
          .addModule(new SimpleModule("seconds").addSerializer(new SecondPrecision()))
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(com.fasterxml.jackson.core.StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(com.fasterxml.jackson.databind.SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private Wire() {}

  /**
   * Makes the JSON codec of Vert.x keep decimals exact. Call in every JVM before the first Vertx:
   * by default 29.90 crosses the bus as the double 29.9.
   */
  public static void keepDecimalsExact() {
    DatabindCodec.mapper()
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true);
  }

  /** Record to JSON; named in json-mappers.properties for every record of the contract. */
  @SuppressWarnings("unchecked")
  public static JsonObject write(Record record) {
    return new JsonObject(MAPPER.convertValue(record, Map.class));
  }

  /**
   * JSON to record.
   *
   * @throws IllegalArgumentException when the JSON does not have the record's types
   */
  public static <T extends Record> T read(JsonObject json, Class<T> type) {
    return MAPPER.convertValue(json.getMap(), type);
  }

  /** The record as JSON text, for columns and caches. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (IOException e) {
      throw new IllegalArgumentException("not writable as JSON: " + value.getClass(), e);
    }
  }

  /**
   * The record from JSON text.
   *
   * @throws IllegalArgumentException when the text is not JSON of that type
   */
  public static <T> T parse(String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON of " + type.getSimpleName(), e);
    }
  }

  private static final class SecondPrecision extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    SecondPrecision() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.truncatedTo(ChronoUnit.SECONDS).toString());
    }
  }
}
