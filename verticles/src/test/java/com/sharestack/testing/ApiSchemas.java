package com.sharestack.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Schemas of the contract made strict and compiled: an object may only have the properties the
 * contract names. That {@code additionalProperties: false} cannot be written beside {@code allOf},
 * so compositions are flattened first.
 */
final class ApiSchemas {

  private static final String COMPONENTS = "#/components/schemas/";

  private final JsonObject components;
  private final Map<String, Validator> compiled = new ConcurrentHashMap<>();

  ApiSchemas(JsonObject contract) {
    this.components = contract.getJsonObject("components").getJsonObject("schemas");
  }

  /** Fails naming every place of {@code value} that does not keep to {@code schema}. */
  void check(String name, JsonObject schema, JsonObject value) {
    OutputUnit result = compiled.computeIfAbsent(name, first -> compile(schema)).validate(value);
    if (!Boolean.TRUE.equals(result.getValid())) {
      StringBuilder text = new StringBuilder(name + " does not keep to the contract:");
      result
          .getErrors()
          .forEach(
              error ->
                  text.append("\n  ")
                      .append(error.getInstanceLocation())
                      .append(' ')
                      .append(error.getError()));
      throw new AssertionError(text.append("\n").append(value.encode()));
    }
  }

  private Validator compile(JsonObject schema) {
    JsonObject document = strict(schema);
    JsonObject reached = new JsonObject();
    for (String name : reach(schema, new TreeSet<>())) {
      reached.put(name, strict(components.getJsonObject(name)));
    }
    document.put("components", new JsonObject().put("schemas", reached));
    return Validator.create(
        JsonSchema.of(document),
        new JsonSchemaOptions()
            .setBaseUri("app://contract")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic));
  }

  private Set<String> reach(Object node, Set<String> names) {
    if (node instanceof JsonObject object) {
      if (object.getValue("$ref") instanceof String ref && names.add(nameOf(ref))) {
        reach(components.getJsonObject(nameOf(ref)), names);
      }
      object.forEach(field -> reach(field.getValue(), names));
    } else if (node instanceof JsonArray array) {
      array.forEach(part -> reach(part, names));
    }
    return names;
  }

  private static String nameOf(String ref) {
    return ref.substring(COMPONENTS.length());
  }

  private JsonObject strict(JsonObject schema) {
    JsonObject flat = flat(schema);
    JsonObject out = new JsonObject();
    for (var keyword : flat) {
      if (!keyword.getKey().startsWith("x-")) {
        out.put(keyword.getKey(), strictPart(keyword.getKey(), keyword.getValue()));
      }
    }
    if (flat.containsKey("properties") && !flat.containsKey("additionalProperties")) {
      out.put("additionalProperties", false);
    }
    return out;
  }

  private Object strictPart(String keyword, Object value) {
    if (keyword.equals("properties")) {
      JsonObject properties = new JsonObject();
      ((JsonObject) value)
          .forEach(field -> properties.put(field.getKey(), strict((JsonObject) field.getValue())));
      return properties;
    }
    if (keyword.equals("oneOf")) {
      JsonArray choices = new JsonArray();
      ((JsonArray) value).forEach(choice -> choices.add(strict((JsonObject) choice)));
      return choices;
    }
    boolean schema = keyword.equals("items") || keyword.equals("additionalProperties");
    return schema && value instanceof JsonObject one ? strict(one) : value;
  }

  /** A composition as the one object it stands for. */
  private JsonObject flat(JsonObject schema) {
    JsonArray parts = schema.getJsonArray("allOf");
    if (parts == null) {
      return schema;
    }
    JsonObject properties = new JsonObject();
    Set<Object> required = new java.util.LinkedHashSet<>();
    for (Object entry : parts) {
      JsonObject part = (JsonObject) entry;
      String ref = part.getString("$ref");
      JsonObject flat = flat(ref == null ? part : components.getJsonObject(nameOf(ref)));
      properties.mergeIn(flat.getJsonObject("properties", new JsonObject()));
      flat.getJsonArray("required", new JsonArray()).forEach(required::add);
    }
    return new JsonObject()
        .put("type", "object")
        .put("properties", properties)
        .put("required", new JsonArray(java.util.List.copyOf(required)));
  }
}
