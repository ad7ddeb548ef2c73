package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Follows {@code $ref} inside one document and flattens {@code allOf} of objects into one object
 * schema.
 */
final class References {
  /** What may stand beside a {@code $ref}: nothing that constrains. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "title",
          "description",
          "default",
          "example",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly");

  /** References to references beyond this are a circle. */
  private static final int MAX_HOPS = 16;

  /** A pointer longer than this means that allOf members contain themselves. */
  private static final int MAX_POINTER = 1_000;

  private final JsonObject document;

  References(JsonObject document) {
    this.document = document;
  }

  /** A schema together with the place it was found at. */
  record Found(JsonObject schema, Place place) {}

  static boolean isAnnotation(String keyword) {
    return keyword.startsWith("x-") || ANNOTATIONS.contains(keyword);
  }

  /**
   * The object that holds no {@code $ref} itself any more; annotations beside a reference win over
   * those of its target.
   */
  Found resolve(JsonObject schema, Place place) {
    JsonObject annotations = new JsonObject();
    JsonObject current = schema;
    Place at = place;
    for (int hops = 0; current.containsKey("$ref"); hops++) {
      if (hops == MAX_HOPS) {
        throw place.refuse("the $ref leads in a circle");
      }
      overlay(annotations, current, at);
      String ref = String.valueOf(current.getValue("$ref"));
      current = lookup(ref, at);
      at = at.at(ref.substring(1));
    }
    return new Found(annotations.isEmpty() ? current : current.copy().mergeIn(annotations), at);
  }

  private static void overlay(JsonObject annotations, JsonObject schema, Place place) {
    for (String keyword : schema.fieldNames()) {
      if (keyword.equals("$ref")) {
        continue;
      }
      if (!isAnnotation(keyword)) {
        throw place.refuse(
            "'" + keyword + "' cannot stand beside a $ref; put it into the referenced schema");
      }
      if (!annotations.containsKey(keyword)) {
        annotations.put(keyword, schema.getValue(keyword));
      }
    }
  }

  private JsonObject lookup(String ref, Place place) {
    if (!ref.startsWith("#/")) {
      throw place.refuse("$ref '" + ref + "' does not point into this document");
    }
    Object current = document;
    for (String token : ref.substring(2).split("/")) {
      String key = token.replace("~1", "/").replace("~0", "~");
      current = current instanceof JsonObject object ? object.getValue(key) : null;
    }
    if (current instanceof JsonObject found) {
      return found;
    }
    throw place.refuse("$ref '" + ref + "' points to nothing");
  }

  /**
   * One object schema with the properties and required names of all members and of the schema
   * around them. A single member with annotations around it is just that member, of whatever type.
   */
  JsonObject flatten(JsonObject schema, Place place) {
    JsonObject around = schema.copy();
    around.remove("allOf");
    JsonArray members = members(schema, place);
    if (members.size() == 1 && around.fieldNames().stream().allMatch(References::isAnnotation)) {
      Found only = member(members, 0, place);
      return only.schema.copy().mergeIn(around);
    }
    JsonObject flat = new JsonObject().put("type", "object");
    for (int i = 0; i < members.size(); i++) {
      Found member = member(members, i, place);
      absorb(flat, member.schema, member.place);
    }
    absorb(flat, around, place);
    return flat;
  }

  private static JsonArray members(JsonObject schema, Place place) {
    if (schema.getValue("allOf") instanceof JsonArray members && !members.isEmpty()) {
      return members;
    }
    throw place.refuse("allOf must be a list of schemas");
  }

  private Found member(JsonArray members, int index, Place place) {
    Place at = place.child("allOf", Integer.toString(index));
    if (!(members.getValue(index) instanceof JsonObject member)) {
      throw at.refuse("a member of allOf must be a schema");
    }
    Found found = resolve(member, at);
    if (at.pointer().length() > MAX_POINTER) {
      throw at.refuse("allOf is nested too deeply");
    }
    return found.schema.containsKey("allOf")
        ? new Found(flatten(found.schema, at), found.place)
        : found;
  }

  private static void absorb(JsonObject flat, JsonObject part, Place place) {
    for (String keyword : part.fieldNames()) {
      Object value = part.getValue(keyword);
      switch (keyword) {
        case "type" -> {
          if (!"object".equals(value)) {
            throw place.refuse("allOf joins objects only, this is of type " + value);
          }
        }
        case "properties" -> addProperties(flat, (JsonObject) value, place);
        case "required" -> addRequired(flat, (JsonArray) value);
        default -> {
          // A member's description is not the whole's; the last word is that of the schema around.
          if (!isAnnotation(keyword) && flat.containsKey(keyword)) {
            throw place.refuse("'" + keyword + "' stands in two members of an allOf");
          }
          flat.put(keyword, value);
        }
      }
    }
  }

  private static void addProperties(JsonObject flat, JsonObject properties, Place place) {
    JsonObject all = flat.getJsonObject("properties", new JsonObject());
    for (String name : properties.fieldNames()) {
      Object schema = properties.getValue(name);
      if (all.containsKey(name) && !all.getValue(name).equals(schema)) {
        throw place.refuse(
            "property '" + name + "' is defined differently by another member of allOf");
      }
      all.put(name, schema);
    }
    flat.put("properties", all);
  }

  private static void addRequired(JsonObject flat, JsonArray required) {
    Set<Object> all = new LinkedHashSet<>();
    flat.getJsonArray("required", new JsonArray()).forEach(all::add);
    required.forEach(all::add);
    JsonArray union = new JsonArray();
    all.forEach(union::add);
    flat.put("required", union);
  }
}
