package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object with known fields, in the order of the contract; unknown fields are dropped.
 *
 * @param partial PUT with partial semantics: what is absent stays absent, no defaults are filled
 * @param size how many known fields must be present ({@code minProperties}), {@link Span#ANY}
 *     mostly
 */
record ObjectShape(String message, List<Property> properties, boolean partial, Span size)
    implements Shape {

  /**
   * @param defaultValue in normal form, null when there is none
   */
  record Property(String name, Shape shape, boolean required, Object defaultValue) {

    /** A default of its own for every request: lists and objects are mutable. */
    Object freshDefault() {
      return switch (defaultValue) {
        case JsonObject object -> object.copy();
        case JsonArray array -> array.copy();
        case null, default -> defaultValue;
      };
    }
  }

  @Override
  public Object check(Object value, Path path, Problems problems) {
    Map<?, ?> source = fields(value);
    if (source == null) {
      return refuseType(value, path, problems, Reasons.NOT_OBJECT);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    int present = 0;
    for (int i = 0; i < properties.size() && !problems.isFull(); i++) {
      Property property = properties.get(i);
      Object field = source.get(property.name);
      if (field != null || source.containsKey(property.name)) {
        present++;
        result.put(property.name, property.shape.check(field, path.key(property.name), problems));
      } else if (property.required) {
        property.shape.refuse(path.key(property.name), problems, Reasons.EMPTY);
      } else if (property.defaultValue != null && !partial) {
        result.put(property.name, property.freshDefault());
      }
    }
    if (!size.admits(present)) {
      return refuse(path, problems, Reasons.fields(size.min(), size.max()));
    }
    return new JsonObject(result);
  }

  /** The fields of a JSON object in either form, null when the value is none. */
  static Map<?, ?> fields(Object value) {
    return switch (value) {
      case Map<?, ?> map -> map;
      case JsonObject object -> object.getMap();
      case null, default -> null;
    };
  }
}
