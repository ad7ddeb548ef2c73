package com.sharestack.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP answer as it arrived.
 *
 * @param headers all values by lower-case name
 * @param body still compressed when the test asked for that
 * @param json null when the body is not a JSON object
 */
public record ApiAnswer(
    String method,
    String path,
    int status,
    Map<String, List<String>> headers,
    byte[] body,
    JsonObject json) {

  /** First value of a header, or null. */
  public String header(String name) {
    List<String> values = headers.get(name.toLowerCase(java.util.Locale.ROOT));
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** {@code data} of a success. */
  public JsonObject data() {
    if (status >= 300) {
      throw new AssertionError("expected a success: " + this);
    }
    return json.getJsonObject("data");
  }

  public JsonObject meta() {
    return json.getJsonObject("meta");
  }

  /** {@code error.code}, or null for a success. */
  public String errorCode() {
    return error().map(error -> error.getString("code")).orElse(null);
  }

  /** {@code error.details}. */
  public JsonObject details() {
    return error()
        .map(error -> error.getJsonObject("details"))
        .orElseThrow(() -> new AssertionError("expected a failure: " + this));
  }

  /** The fields a VALIDATION_ERROR names, in order. */
  public List<String> invalidFields() {
    JsonArray errors = details().getJsonArray("errors");
    return errors.stream().map(error -> ((JsonObject) error).getString("field")).toList();
  }

  private Optional<JsonObject> error() {
    return Optional.ofNullable(json).map(whole -> whole.getJsonObject("error"));
  }

  @Override
  public String toString() {
    String shown = text();
    return method
        + " "
        + path
        + " -> "
        + status
        + " "
        + (shown.length() > 2000 ? shown.substring(0, 2000) + "…" : shown);
  }
}
