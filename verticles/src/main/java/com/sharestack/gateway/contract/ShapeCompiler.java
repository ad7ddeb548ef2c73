package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compiles the request schemas of one OpenAPI 3.1 document into {@link Shape}s, at start-up. A
 * construct it does not know is an error there and then: an {@link IllegalArgumentException} with a
 * sentence that names the operation and the pointer.
 */
public final class ShapeCompiler {
  private final References references;
  private final ScalarShapes scalars = new ScalarShapes();
  private final Map<String, Shape> compiled = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  /**
   * @param document holds the components that {@code $ref}s lead to; it is not changed
   */
  public ShapeCompiler(JsonObject document) {
    this.references = new References(document);
  }

  /**
   * @param operation for messages
   * @param pointer where in the document the schema stands, for messages
   */
  public Shape compile(String operation, String pointer, JsonObject schema) {
    return compile(schema, new Place(operation, pointer));
  }

  /**
   * The schema's own default or that of what it refers to, in normal form; null when there is none.
   */
  Object defaultOf(JsonObject schema, Shape shape, Place place) {
    Object declared = references.resolve(schema, place).schema().getValue("default");
    if (declared == null) {
      return null;
    }
    Problems problems = new Problems();
    Object normal = shape.check(declared, Path.ROOT, problems);
    if (!problems.isEmpty()) {
      throw place.refuse(
          "the default breaks its own schema: " + problems.list().getFirst().reason());
    }
    return normal;
  }

  Shape compile(JsonObject schema, Place place) {
    if (!schema.containsKey("$ref")) {
      return compileResolved(schema, place);
    }
    // Shared between operations only when nothing beside the reference changes its meaning.
    String key = schema.size() == 1 ? schema.getString("$ref") : null;
    Shape known = key == null ? null : compiled.get(key);
    if (known != null) {
      return known;
    }
    References.Found found = references.resolve(schema, place);
    if (!open.add(found.place().pointer())) {
      throw place.refuse("the schema contains itself, which a request may not");
    }
    Shape shape = compileResolved(found.schema(), found.place());
    open.remove(found.place().pointer());
    if (key != null) {
      compiled.put(key, shape);
    }
    return shape;
  }

  private Shape compileResolved(JsonObject schema, Place place) {
    if (schema.containsKey("oneOf")) {
      return nullableOf(schema, place);
    }
    if (schema.containsKey("allOf")) {
      return compileResolved(references.flatten(schema, place), place);
    }
    Keywords keywords = new Keywords(schema, place);
    List<String> types = keywords.types();
    boolean nullable = types.remove("null");
    Shape shape = compileTyped(schema, keywords, types, place);
    return nullable ? new NullableShape(shape) : shape;
  }

  /** {@code oneOf: [X, {type: 'null'}]} is the one alternative that the contract knows. */
  private Shape nullableOf(JsonObject schema, Place place) {
    JsonArray members =
        schema.getValue("oneOf") instanceof JsonArray array ? array : new JsonArray();
    JsonObject annotations = schema.copy();
    annotations.remove("oneOf");
    JsonObject subject = null;
    boolean hasNull = false;
    for (Object member : members) {
      boolean isNull =
          member instanceof JsonObject object && "null".equals(object.getValue("type"));
      hasNull |= isNull;
      subject = !isNull && member instanceof JsonObject object ? object : subject;
    }
    boolean shaped = members.size() == 2 && hasNull && subject != null;
    if (!shaped || !annotations.fieldNames().stream().allMatch(References::isAnnotation)) {
      throw place.refuse("oneOf may only say 'this or null': [{$ref: …}, {type: 'null'}]");
    }
    return new NullableShape(compile(subject.copy().mergeIn(annotations), place.child("oneOf")));
  }

  private Shape compileTyped(
      JsonObject schema, Keywords keywords, List<String> types, Place place) {
    if (types.size() == 2 && types.contains("number") && types.contains("string")) {
      keywords.refuseUnknown("number");
      return scalars.moneyOrText(keywords, place);
    }
    if (types.size() != 1) {
      throw place.refuse("one type (or number and string for money) is needed, found " + types);
    }
    String type = types.getFirst();
    keywords.refuseUnknown(type);
    return switch (type) {
      case "string" -> scalars.string(keywords, place);
      case "integer" -> scalars.integer(keywords, place);
      case "number" -> scalars.number(keywords, place);
      case "boolean" -> scalars.bool(keywords);
      case "array" -> array(keywords, place);
      default -> object(schema, keywords, place);
    };
  }

  private Shape array(Keywords keywords, Place place) {
    Shape items = compile(keywords.object("items"), place.child("items"));
    Span size = keywords.span("minItems", "maxItems");
    return new ArrayShape(keywords.message(), items, size, keywords.flag("uniqueItems"));
  }

  private Shape object(JsonObject schema, Keywords keywords, Place place) {
    Span size = keywords.span("minProperties", "maxProperties");
    boolean map = schema.getValue("additionalProperties") instanceof JsonObject;
    if (keywords.flag("x-free")) {
      if (map || keywords.has("properties")) {
        throw place.refuse(
            "a free object (x-free) has neither properties nor additionalProperties");
      }
      return new FreeShape(
          keywords.message(), keywords.count("x-max-bytes", FreeShape.DEFAULT_MAX_BYTES));
    }
    if (map && !keywords.has("properties")) {
      JsonObject values = keywords.object("additionalProperties");
      return new MapShape(
          keywords.message(), compile(values, place.child("additionalProperties")), size);
    }
    if (!keywords.has("properties")
        || map
        || Boolean.FALSE.equals(schema.getValue("additionalProperties"))) {
      throw place.refuse(
          "an object has properties (unknown fields are always dropped), or additionalProperties"
              + " with a schema, or x-free");
    }
    return record(schema, keywords, size, place);
  }

  private Shape record(JsonObject schema, Keywords keywords, Span size, Place place) {
    JsonObject properties = keywords.object("properties");
    Set<String> required = required(schema, properties, place);
    List<ObjectShape.Property> list = new ArrayList<>();
    for (String name : properties.fieldNames()) {
      Place at = place.child("properties", name);
      if (!(properties.getValue(name) instanceof JsonObject property)) {
        throw at.refuse("a property must be a schema");
      }
      Shape shape = compile(property, at);
      Object fallback = defaultOf(property, shape, at);
      list.add(new ObjectShape.Property(name, shape, required.contains(name), fallback));
    }
    return new ObjectShape(keywords.message(), List.copyOf(list), keywords.flag("x-partial"), size);
  }

  private static Set<String> required(JsonObject schema, JsonObject properties, Place place) {
    Set<String> names = new HashSet<>();
    for (Object name : schema.getJsonArray("required", new JsonArray())) {
      if (!(name instanceof String text) || !properties.containsKey(text)) {
        throw place.refuse("required names '" + name + "', which is no property");
      }
      names.add(text);
    }
    return names;
  }
}
