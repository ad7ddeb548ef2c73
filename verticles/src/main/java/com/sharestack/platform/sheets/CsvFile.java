package com.sharestack.platform.sheets;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/**
 * CSV by RFC 4180 in UTF-8 with BOM, which Excel needs. A text that a spreadsheet would take for a
 * formula is prefixed with an apostrophe; numbers are not texts. The summary's blocks follow the
 * table, each after an empty line.
 */
public final class CsvFile implements TableFile {

  private static final String END = "\r\n";
  private static final String FORMULA = "=+-@\t\r＝＋－＠";

  private final Writer out;
  private final List<Column> columns;

  public CsvFile(OutputStream to, List<Column> columns) throws IOException {
    this.out = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8), 1 << 16);
    this.columns = List.copyOf(columns);
    out.write('\ufeff');
    titles(columns);
  }

  private void titles(List<Column> of) throws IOException {
    Iterator<Column> column = of.iterator();
    while (column.hasNext()) {
      out.write(escaped(column.next().title()));
      out.write(column.hasNext() ? "," : END);
    }
  }

  @Override
  public void row(List<Object> cells) throws IOException {
    row(columns, cells);
  }

  @Override
  public void totalRow(List<Object> cells) throws IOException {
    row(columns, cells);
  }

  private void row(List<Column> of, List<Object> cells) throws IOException {
    for (int i = 0; i < of.size(); i++) {
      out.write(text(of.get(i), cells.get(i)));
      out.write(i + 1 < of.size() ? "," : END);
    }
  }

  private static String text(Column column, Object cell) {
    if (cell == null) {
      return "";
    }
    return switch (column.kind()) {
      case MONEY -> BigDecimal.valueOf((Long) cell, 2).toPlainString();
      case COUNT -> cell.toString();
      case TEXT -> escaped(guarded(cell.toString()));
    };
  }

  /** White space before it does not keep every spreadsheet from reading a formula. */
  static String guarded(String text) {
    String bare = text.stripLeading();
    boolean formula =
        !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0
            || !bare.isEmpty() && FORMULA.indexOf(bare.charAt(0)) >= 0;
    return formula ? "'" + text : text;
  }

  private static String escaped(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public void end(List<Block> summary) throws IOException {
    for (Block block : summary) {
      out.write(END);
      out.write(escaped(block.title()) + END);
      titles(block.columns());
      for (List<Object> cells : block.rows()) {
        row(block.columns(), cells);
      }
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
