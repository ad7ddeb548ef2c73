package com.sharestack.gateway.contract;

import java.util.Objects;

/**
 * Which texts a path parameter matches at all; what it does not match is another resource, so 404
 * and not 400.
 */
final class SegmentRule {
  /** In the order in which they are tried. */
  enum Kind {
    DIGITS,
    PATTERN,
    /**
     * A text without a pattern is an id of ours: printable ASCII, as the columns that hold them.
     */
    ID,
    ANY
  }

  private final Kind kind;
  private final SafePattern pattern;

  private SegmentRule(Kind kind, SafePattern pattern) {
    this.kind = kind;
    this.pattern = pattern;
  }

  static SegmentRule of(Shape shape) {
    return switch (shape) {
      case NullableShape nullable -> of(nullable.inner());
      case IntegerShape integer -> new SegmentRule(Kind.DIGITS, null);
      case StringShape text when text.pattern() != null ->
          new SegmentRule(Kind.PATTERN, text.pattern());
      case StringShape text -> new SegmentRule(Kind.ID, null);
      default -> new SegmentRule(Kind.ANY, null);
    };
  }

  Kind kind() {
    return kind;
  }

  boolean admits(String segment) {
    return switch (kind) {
      case DIGITS -> Text.isDigits(segment);
      case PATTERN -> pattern.matches(segment);
      case ID -> segment.chars().allMatch(c -> c > ' ' && c < 0x7f);
      case ANY -> true;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SegmentRule rule
        && kind == rule.kind
        && Objects.equals(String.valueOf(pattern), String.valueOf(rule.pattern));
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, String.valueOf(pattern));
  }
}
