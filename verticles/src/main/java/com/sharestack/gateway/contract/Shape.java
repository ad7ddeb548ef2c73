package com.sharestack.gateway.contract;

/**
 * A schema, compiled: immutable, shared by all event loops, safe to use from any thread. Made by
 * {@link ShapeCompiler}.
 *
 * <p>Values are what {@link StrictJson} reads; Vert.x JSON objects and plain maps and lists are
 * both taken.
 */
public sealed interface Shape
    permits ArrayShape,
        BooleanShape,
        CardFreeShape,
        DoubleShape,
        FreeShape,
        IntegerShape,
        MapShape,
        MoneyShape,
        NullableShape,
        ObjectShape,
        StringShape {

  /**
   * Validates and normalises in one pass. Problems of all parts are collected, not only the first.
   *
   * @return the normalised value; meaningless when a problem was added
   */
  Object check(Object value, Path path, Problems problems);

  /** The schema's own reason ({@code x-message}), null when generic reasons serve. */
  String message();

  /**
   * The JSON value that a parameter's text stands for; the text itself when it stands for none, so
   * that {@link #check} refuses it with the usual reason. The text is percent-decoded already.
   */
  default Object decode(String text) {
    return text;
  }

  /**
   * Adds the problem, with the schema's own reason if it has one, and returns null for {@code
   * return refuse(…)}.
   */
  default Object refuse(Path path, Problems problems, String genericReason) {
    problems.add(path, message() == null ? genericReason : message());
    return null;
  }

  /** What a value of the wrong type is told: null is missing, everything else is mistyped. */
  default Object refuseType(Object value, Path path, Problems problems, String genericReason) {
    return refuse(path, problems, value == null ? Reasons.EMPTY : genericReason);
  }
}
