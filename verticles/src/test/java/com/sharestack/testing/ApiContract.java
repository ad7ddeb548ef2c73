package com.sharestack.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The referee of HTTP answers: reads the contract by itself, sharing no code with the gateway, and
 * fails for every answer the contract does not allow.
 */
final class ApiContract {

  static final String PREFIX = "/api/v1";

  /** What HTTP itself or the gateway may answer to any request. */
  private static final Map<Integer, String> ANYWHERE =
      Map.of(
          404, "NOT_FOUND",
          405, "METHOD_NOT_ALLOWED",
          414, "URI_TOO_LONG",
          431, "HEADERS_TOO_LARGE");

  private static final Pattern INNER_LIFE =
      Pattern.compile(
          "Exception|\\bat"
              + " [a-z]+\\.[a-z.]+\\(|java\\.|io\\.vertx|netty|com\\.sharestack|<html|SELECT ",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CHINESE = Pattern.compile("\\p{IsHan}");

  private static ApiContract instance;

  private final JsonObject document;
  private final ApiSchemas schemas;
  private final List<Template> templates = new ArrayList<>();

  /** A path of the contract; {@code literals} ranks: the more, the sooner it wins. */
  private record Template(Pattern pattern, int literals, JsonObject item) {}

  private ApiContract(JsonObject document) {
    this.document = document;
    this.schemas = new ApiSchemas(document);
    document
        .getJsonObject("paths")
        .forEach(
            path -> {
              if (!path.getKey().startsWith("/internal/")) {
                templates.add(template(path.getKey(), (JsonObject) path.getValue()));
              }
            });
    templates.sort((a, b) -> b.literals() - a.literals());
  }

  static synchronized ApiContract get() {
    if (instance == null) {
      instance = new ApiContract(new JsonObject(resource("/contract/contract.json")));
    }
    return instance;
  }

  private static Template template(String path, JsonObject item) {
    String regex = path.replaceAll("\\{[^}]+}", "[^/]+");
    int literals = (int) path.chars().filter(c -> c == '/').count();
    literals -= (int) path.chars().filter(c -> c == '{').count();
    return new Template(Pattern.compile(regex), literals, item);
  }

  JsonObject document() {
    return document;
  }

  JsonObject schema(String name) {
    return document.getJsonObject("components").getJsonObject("schemas").getJsonObject(name);
  }

  /**
   * Fails when {@code answer} is not one the contract gives.
   *
   * @param path with the prefix, without query
   */
  void check(String method, String path, ApiAnswer answer) {
    List<JsonObject> items = items(path);
    String lower = method.equals("HEAD") ? "get" : method.toLowerCase(java.util.Locale.ROOT);
    JsonObject operation =
        items.stream()
            .map(item -> item.getJsonObject(lower))
            .filter(java.util.Objects::nonNull)
            .findFirst()
            .orElse(null);
    require(answer.header("Cache-Control") != null, "no Cache-Control", answer);
    if (answer.status() == 304) {
      require(operation != null && operation.containsKey("x-cache"), "304 without x-cache", answer);
      require(answer.header("ETag") != null, "304 without ETag", answer);
      require(answer.body().length == 0, "304 with a body", answer);
    } else if (method.equals("HEAD")) {
      require(answer.body().length == 0, "HEAD with a body", answer);
    } else if (answer.status() < 400) {
      checkSuccess(operation, answer);
    } else {
      checkFailure(operation, items, answer);
    }
  }

  private List<JsonObject> items(String path) {
    String own = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
    return templates.stream()
        .filter(template -> template.pattern().matcher(own).matches())
        .map(Template::item)
        .toList();
  }

  private void checkSuccess(JsonObject operation, ApiAnswer answer) {
    require(operation != null, "a success the contract does not know", answer);
    JsonObject response = response(operation, answer);
    require(response != null, "status not declared", answer);
    require(answer.json() != null, "no JSON object", answer);
    String id = operation.getString("operationId") + " " + answer.status();
    schemas.check(id, jsonSchema(response), answer.json());
    boolean tagged = answer.header("ETag") != null;
    require(tagged == operation.containsKey("x-cache"), "ETag and x-cache disagree", answer);
  }

  private void checkFailure(JsonObject operation, List<JsonObject> items, ApiAnswer answer) {
    checkEnvelope(answer);
    String code = answer.errorCode();
    if (operation == null) {
      int expected = items.isEmpty() ? 404 : 405;
      boolean protocol = answer.status() == 400 || answer.status() >= 414;
      require(answer.status() == expected || protocol, "expected " + expected, answer);
      if (!protocol) {
        require(ANYWHERE.get(expected).equals(code), "code of " + expected, answer);
      }
      return;
    }
    if (code.equals(ANYWHERE.get(answer.status())) && answer.status() > 405) {
      return;
    }
    if (code.equals("NOT_FOUND") && "path".equals(answer.details().getValue("resource"))) {
      return; // what stands where the id should be can be none, so the path names nothing
    }
    JsonObject response = response(operation, answer);
    require(response != null, "status not declared", answer);
    require(response.getJsonArray("x-codes").contains(code), "code not declared", answer);
    schemas.check("ErrorEnvelope", jsonSchema(response), answer.json());
  }

  /** The envelope of a failure and what must never be in one; also for what is no operation. */
  void checkEnvelope(ApiAnswer answer) {
    require(answer.json() != null, "no JSON object", answer);
    JsonObject error = document.getJsonObject("components").getJsonObject("schemas");
    schemas.check("ErrorEnvelope", error.getJsonObject("ErrorEnvelope"), answer.json());
    JsonObject known = document.getJsonObject("x-error-codes").getJsonObject(answer.errorCode());
    require(known != null, "unknown error code", answer);
    require(known.getInteger("status") == answer.status(), "status of the code", answer);
    String message = answer.json().getJsonObject("error").getString("message");
    require(CHINESE.matcher(message).find(), "message is not Chinese", answer);
    require(!INNER_LIFE.matcher(answer.text()).find(), "shows the inside", answer);
    if (answer.errorCode().equals("VALIDATION_ERROR")) {
      JsonArray errors = answer.details().getJsonArray("errors", new JsonArray());
      require(!errors.isEmpty(), "no errors", answer);
      require(answer.details().containsKey("field"), "no field", answer);
      require(answer.details().containsKey("message"), "no message", answer);
    }
    boolean mayRetry =
        answer.status() == 429 && !"WITHDRAWAL_LIMIT_EXCEEDED".equals(answer.errorCode());
    if (mayRetry || answer.status() == 503) {
      require(answer.header("Retry-After") != null, "no Retry-After", answer);
    }
  }

  private static JsonObject response(JsonObject operation, ApiAnswer answer) {
    return operation.getJsonObject("responses").getJsonObject(String.valueOf(answer.status()));
  }

  private static JsonObject jsonSchema(JsonObject response) {
    return response
        .getJsonObject("content", new JsonObject())
        .getJsonObject("application/json")
        .getJsonObject("schema");
  }

  private static void require(boolean held, String what, ApiAnswer answer) {
    if (!held) {
      throw new AssertionError("not as the contract says (" + what + "): " + answer);
    }
  }

  private static String resource(String name) {
    try (InputStream in = ApiContract.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A smallest value of a named schema, for services that tests put in another's place. */
  JsonObject sample(String name) {
    return (JsonObject) sample(schema(name));
  }

  private Object sample(JsonObject schema) {
    if (schema.getString("$ref") != null) {
      return sample(schema(schema.getString("$ref").replaceFirst(".*/", "")));
    }
    if (schema.containsKey("allOf")) {
      JsonObject whole = new JsonObject();
      schema
          .getJsonArray("allOf")
          .forEach(part -> whole.mergeIn((JsonObject) sample((JsonObject) part)));
      return whole;
    }
    if (schema.containsKey("oneOf")) {
      return null;
    }
    if (schema.containsKey("const")) {
      return schema.getValue("const");
    }
    if (schema.containsKey("enum")) {
      return schema.getJsonArray("enum").getValue(0);
    }
    Object type = schema.getValue("type");
    return type instanceof JsonArray choice && choice.contains("null")
        ? null
        : scalar(type instanceof JsonArray choice ? choice.getString(0) : (String) type, schema);
  }

  private Object scalar(String type, JsonObject schema) {
    return switch (String.valueOf(type)) {
      case "integer" -> schema.getInteger("minimum", 0);
      case "number" -> new java.math.BigDecimal("29.90");
      case "boolean" -> false;
      case "array" -> new JsonArray();
      case "string" ->
          "date-time".equals(schema.getString("format"))
              ? "2026-10-01T08:00:00Z"
              : "x".repeat(Math.max(1, schema.getInteger("minLength", 1)));
      default -> {
        JsonObject object = new JsonObject();
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        schema
            .getJsonArray("required", new JsonArray())
            .forEach(
                field ->
                    object.put((String) field, sample(properties.getJsonObject((String) field))));
        yield object;
      }
    };
  }
}
