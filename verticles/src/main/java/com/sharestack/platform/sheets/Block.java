package com.sharestack.platform.sheets;

import java.util.List;

/**
 * A small table of a summary.
 *
 * @param charted indexes of the columns that a chart shows over the first one; empty for no chart
 */
public record Block(
    String title, List<Column> columns, List<List<Object>> rows, List<Integer> charted) {

  public Block {
    columns = List.copyOf(columns);
    charted = List.copyOf(charted);
  }
}
