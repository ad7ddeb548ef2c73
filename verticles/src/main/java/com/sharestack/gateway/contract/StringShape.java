package com.sharestack.gateway.contract;

/**
 * A text without U+0000, which no person types and C strings end at: trimmed (never a password),
 * brought to NFC, then measured in code points and compared.
 *
 * @param pattern null when there is none
 * @param choice null when every value is welcome
 */
record StringShape(
    String message, Span length, StringFormat format, SafePattern pattern, Choice choice)
    implements Shape {

  @Override
  public Object check(Object value, Path path, Problems problems) {
    if (!(value instanceof String raw)) {
      return refuseType(value, path, problems, Reasons.NOT_TEXT);
    }
    if (raw.indexOf('\0') >= 0) {
      problems.add(path, Reasons.NUL); // even where the schema has words of its own
      return null;
    }
    String trimmed = format == StringFormat.PASSWORD ? raw : Text.trim(raw);
    if (isTooLongInAnyForm(trimmed)) {
      return refuse(path, problems, Reasons.length(length.min(), length.max()));
    }
    if (Text.hasLongMarkRun(trimmed)) {
      return refuse(path, problems, Reasons.TOO_MANY_MARKS);
    }
    String text = Text.nfc(trimmed);
    String reason = violation(text);
    if (reason != null) {
      return refuse(path, problems, reason);
    }
    String normal = format.normalise(text);
    return normal != null ? normal : refuse(path, problems, format.reason());
  }

  /** Spares the normaliser texts that cannot fit afterwards either. */
  private boolean isTooLongInAnyForm(String text) {
    long limit = (long) length.max() * Text.NFC_SHRINK;
    return text.length() > limit && Text.length(text) > limit;
  }

  private String violation(String text) {
    if (!length.admits(Text.length(text))) {
      return text.isEmpty() ? Reasons.EMPTY : Reasons.length(length.min(), length.max());
    }
    if (choice != null && !choice.admits(text)) {
      return text.isEmpty() ? Reasons.EMPTY : choice.reason();
    }
    return pattern == null || pattern.matches(text) ? null : Reasons.BAD_FORMAT;
  }
}
