package com.sharestack.platform.db;

/** A unique key refused a row. */
public final class DuplicateKeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String index;

  DuplicateKeyException(String index) {
    super("duplicate key on " + index, null, false, false);
    this.index = index;
  }

  /** Name of the unique index, without its table. */
  public String index() {
    return index;
  }
}
