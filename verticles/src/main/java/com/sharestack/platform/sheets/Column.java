package com.sharestack.platform.sheets;

/**
 * A column of a table.
 *
 * @param title its heading
 * @param kind what its cells are
 */
public record Column(String title, Kind kind) {

  /** What a cell holds; null is an empty cell in each. */
  public enum Kind {
    /** String. */
    TEXT,
    /** Long. */
    COUNT,
    /** Long, in fen; shown in yuan with two decimals. */
    MONEY
  }

  public static Column text(String title) {
    return new Column(title, Kind.TEXT);
  }

  public static Column count(String title) {
    return new Column(title, Kind.COUNT);
  }

  public static Column money(String title) {
    return new Column(title, Kind.MONEY);
  }
}
