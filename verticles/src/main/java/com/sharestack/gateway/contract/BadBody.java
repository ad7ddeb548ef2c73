package com.sharestack.gateway.contract;

/**
 * The body is not JSON that we take. The message is Chinese and fit for the user: neither parser
 * internals nor positions are in it. An expected failure, so it carries no stack trace.
 */
public final class BadBody extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of thing is wrong, for metrics and tests. */
  public enum Kind {
    EMPTY,
    ENCODING,
    SYNTAX,
    DUPLICATE_KEY,
    TOO_DEEP,
    TOO_LARGE
  }

  private final Kind kind;

  BadBody(String reasonZh, Kind kind) {
    super(reasonZh, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** The same as a problem of the whole body, for {@link ValidationDetails}. */
  public Problem toProblem() {
    return new Problem(Path.ROOT.pointer(), Path.ROOT.field(), getMessage());
  }
}
