package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** A list; uniqueness is judged on the normalised items. */
record ArrayShape(String message, Shape items, Span size, boolean unique) implements Shape {
  @Override
  public Object check(Object value, Path path, Problems problems) {
    List<?> source = list(value);
    if (source == null) {
      return refuseType(value, path, problems, Reasons.NOT_LIST);
    }
    if (!size.admits(source.size())) {
      return refuse(path, problems, Reasons.items(size.min(), size.max()));
    }
    int problemsBefore = problems.size();
    List<Object> result = new ArrayList<>(source.size());
    for (int i = 0; i < source.size() && !problems.isFull(); i++) {
      result.add(items.check(source.get(i), path.index(i), problems));
    }
    boolean sound = problems.size() == problemsBefore;
    if (unique && sound && new HashSet<>(result).size() < result.size()) {
      return refuse(path, problems, Reasons.REPEATED_ITEMS);
    }
    return new JsonArray(result);
  }

  private static List<?> list(Object value) {
    return switch (value) {
      case List<?> list -> list;
      case JsonArray array -> array.getList();
      case null, default -> null;
    };
  }

  /** The items of one parameter, separated by commas; an empty text is an empty list. */
  @Override
  public Object decode(String text) {
    List<Object> values = new ArrayList<>();
    for (int start = 0; start <= text.length() && !text.isEmpty(); ) {
      int comma = text.indexOf(',', start);
      int end = comma < 0 ? text.length() : comma;
      values.add(items.decode(text.substring(start, end)));
      start = end + 1;
    }
    return values;
  }

  /** The items of a repeated parameter, one each. */
  List<Object> decodeEach(List<String> texts) {
    List<Object> values = new ArrayList<>(texts.size());
    for (String text : texts) {
      values.add(items.decode(text));
    }
    return values;
  }
}
