package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An object whose keys are data ({@code additionalProperties: {schema}}); keys are kept as they
 * are.
 */
record MapShape(String message, Shape values, Span size) implements Shape {
  @Override
  public Object check(Object value, Path path, Problems problems) {
    Map<?, ?> source = ObjectShape.fields(value);
    if (source == null) {
      return refuseType(value, path, problems, Reasons.NOT_OBJECT);
    }
    if (!size.admits(source.size())) {
      return refuse(path, problems, Reasons.items(size.min(), size.max()));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : source.entrySet()) {
      if (problems.isFull()) {
        break;
      }
      String key = (String) entry.getKey();
      result.put(key, values.check(entry.getValue(), path.key(key), problems));
    }
    return new JsonObject(result);
  }
}
