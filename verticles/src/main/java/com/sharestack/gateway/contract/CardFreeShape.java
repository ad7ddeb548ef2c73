package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A body that may not hold numbers of bank cards ({@code x-card-free}): payers give those to their
 * channel only, so that no store, log or message of this platform ever has one. Looks at what
 * {@code inner} lets pass, at any depth, names of free fields too.
 */
record CardFreeShape(Shape inner) implements Shape {

  @Override
  public Object check(Object value, Path path, Problems problems) {
    Object normal = inner.check(value, path, problems);
    if (problems.isEmpty()) {
      search(normal, path, problems);
    }
    return normal;
  }

  @Override
  public String message() {
    return inner.message();
  }

  /** Depth is bounded: shapes do not contain themselves, and {@link FreeShape} has a limit. */
  private static void search(Object value, Path path, Problems problems) {
    switch (value) {
      case String text -> refuseCard(text, path, problems);
      case Number number -> refuseCard(number.toString(), path, problems);
      case JsonObject object -> searchFields(object.getMap(), path, problems);
      case Map<?, ?> map -> searchFields(map, path, problems);
      case JsonArray array -> searchItems(array.getList(), path, problems);
      case List<?> list -> searchItems(list, path, problems);
      case null, default -> {}
    }
  }

  private static void searchFields(Map<?, ?> fields, Path path, Problems problems) {
    fields.forEach(
        (name, value) -> {
          if (CardNumbers.isIn((String) name)) {
            // its own name would repeat the number in the answer
            problems.add(path, Reasons.CARD_NUMBER);
          } else {
            search(value, path.key((String) name), problems);
          }
        });
  }

  private static void searchItems(List<?> items, Path path, Problems problems) {
    for (int i = 0; i < items.size() && !problems.isFull(); i++) {
      search(items.get(i), path.index(i), problems);
    }
  }

  private static void refuseCard(String text, Path path, Problems problems) {
    if (CardNumbers.isIn(text)) {
      problems.add(path, Reasons.CARD_NUMBER);
    }
  }
}
