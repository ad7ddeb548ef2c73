package com.sharestack.gateway.contract;

/** Null, or what the inner shape takes. */
record NullableShape(Shape inner) implements Shape {
  @Override
  public Object check(Object value, Path path, Problems problems) {
    return value == null ? null : inner.check(value, path, problems);
  }

  @Override
  public String message() {
    return inner.message();
  }

  @Override
  public Object decode(String text) {
    return inner.decode(text);
  }
}
