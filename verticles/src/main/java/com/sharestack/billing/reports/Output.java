package com.sharestack.billing.reports;

import com.sharestack.platform.sheets.TableFile;
import java.io.IOException;
import java.util.Arrays;

/** Rows on their way into the file: counted, and refused beyond the limit. */
final class Output {

  /** Most rows of a report (entry finance.createReport). */
  static final int MOST_ROWS = 200_000;

  /** The report has more rows than it may. */
  static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLargeException() {
      super("more than " + MOST_ROWS + " rows", null, false, false);
    }
  }

  private final TableFile file;
  private final int mostRows;
  private long rows;

  Output(TableFile file, int mostRows) {
    this.file = file;
    this.mostRows = mostRows;
  }

  void row(Object... cells) throws IOException {
    require(rows + 1);
    rows++;
    file.row(Arrays.asList(cells));
  }

  /**
   * @throws TooLargeException when there will be more rows than allowed
   */
  void require(long count) {
    if (count > mostRows) {
      throw new TooLargeException();
    }
  }

  /** Not counted. */
  void total(Object... cells) throws IOException {
    file.totalRow(Arrays.asList(cells));
  }

  long rows() {
    return rows;
  }
}
