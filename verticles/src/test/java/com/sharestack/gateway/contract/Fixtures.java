package com.sharestack.gateway.contract;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Schemas and values written as JSON, read the way the gateway reads them. */
final class Fixtures {
  private Fixtures() {}

  static Object json(String text) {
    return StrictJson.parse(Buffer.buffer(text.replace('\'', '"')));
  }

  static JsonObject object(String text) {
    return (JsonObject) json(text);
  }

  static Shape shape(String schema) {
    return new ShapeCompiler(new JsonObject()).compile("test.run", "/schema", object(schema));
  }

  /** Normal form and reasons of one value. */
  record Outcome(Object value, List<Problem> problems) {
    List<String> reasons() {
      return problems.stream().map(Problem::reason).toList();
    }

    List<String> pointers() {
      return problems.stream().map(Problem::pointer).toList();
    }
  }

  static Outcome check(Shape shape, Object value) {
    Problems problems = new Problems();
    Object normal = shape.check(value, Path.ROOT, problems);
    return new Outcome(normal, problems.list());
  }

  static Outcome check(String schema, String value) {
    return check(shape(schema), json(value));
  }
}
