package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The path and query parameters of one operation. Query parameters that it does not declare are
 * never looked at.
 */
public record Parameters(List<Parameter> list) {
  public static final Parameters NONE = new Parameters(List.of());

  public Parameters {
    list = List.copyOf(list);
  }

  /**
   * @param exploded an array that comes as a repeated parameter; otherwise its items are separated
   *     by commas
   * @param defaultValue in normal form, null when there is none
   */
  public record Parameter(
      String name,
      boolean inPath,
      boolean required,
      boolean exploded,
      Shape shape,
      Object defaultValue) {}

  /** Checks all parameters and puts them, or their defaults, under their names into the request. */
  void read(
      Map<String, String> pathValues,
      Function<String, List<String>> queryValues,
      JsonObject request,
      Problems problems) {
    for (int i = 0; i < list.size(); i++) {
      Parameter parameter = list.get(i);
      if (parameter.inPath) {
        String value = pathValues.get(parameter.name);
        readTexts(parameter, value == null ? List.of() : List.of(value), request, problems);
      } else {
        readTexts(parameter, queryValues.apply(parameter.name), request, problems);
      }
    }
  }

  private static void readTexts(
      Parameter parameter, List<String> texts, JsonObject request, Problems problems) {
    String name = parameter.name;
    Shape shape = parameter.shape;
    if (texts.isEmpty()) {
      readAbsent(parameter, request, problems);
    } else if (parameter.exploded) {
      List<Object> items = ((ArrayShape) shape).decodeEach(texts);
      request.put(name, shape.check(items, Path.ROOT.key(name), problems));
    } else if (texts.size() > 1) {
      shape.refuse(Path.ROOT.key(name), problems, Reasons.REPEATED_PARAMETER);
    } else {
      Object value = shape.decode(texts.getFirst());
      request.put(name, shape.check(value, Path.ROOT.key(name), problems));
    }
  }

  private static void readAbsent(Parameter parameter, JsonObject request, Problems problems) {
    if (parameter.required) {
      parameter.shape.refuse(Path.ROOT.key(parameter.name), problems, Reasons.EMPTY);
    } else if (parameter.defaultValue != null) {
      Object value = parameter.defaultValue;
      request.put(parameter.name, value instanceof JsonArray array ? array.copy() : value);
    }
  }
}
