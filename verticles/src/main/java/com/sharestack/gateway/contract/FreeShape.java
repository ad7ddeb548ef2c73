package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * A free object ({@code x-free}): passed on as it came, but bounded in size and depth.
 *
 * @param maxBytes of its compact JSON text ({@code x-max-bytes})
 */
record FreeShape(String message, int maxBytes) implements Shape {
  static final int DEFAULT_MAX_BYTES = 65_536;
  static final int MAX_DEPTH = 16;

  @Override
  @SuppressWarnings("unchecked")
  public Object check(Object value, Path path, Problems problems) {
    Map<?, ?> source = ObjectShape.fields(value);
    if (source == null) {
      return refuseType(value, path, problems, Reasons.NOT_OBJECT);
    }
    JsonSize size = new JsonSize(maxBytes, MAX_DEPTH);
    size.measure(source);
    if (size.isTooDeep()) {
      return refuse(path, problems, Reasons.TOO_DEEP);
    }
    if (size.isTooLarge()) {
      return refuse(path, problems, Reasons.tooLarge(maxBytes));
    }
    return new JsonObject((Map<String, Object>) source);
  }
}
