package com.sharestack.gateway.contract;

/**
 * True or false; as a parameter exactly these two words.
 *
 * @param choice null, or the one value of a {@code const}
 */
record BooleanShape(String message, Choice choice) implements Shape {
  @Override
  public Object check(Object value, Path path, Problems problems) {
    if (!(value instanceof Boolean)) {
      return refuseType(value, path, problems, Reasons.NOT_BOOLEAN);
    }
    return choice == null || choice.admits(value) ? value : refuse(path, problems, choice.reason());
  }

  @Override
  public Object decode(String text) {
    return switch (text) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> text;
    };
  }
}
