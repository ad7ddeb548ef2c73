package com.sharestack.platform.sheets;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellStyle;
import org.apache.poi.ss.usermodel.FillPatternType;
import org.apache.poi.ss.usermodel.Font;
import org.apache.poi.ss.usermodel.IndexedColors;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.ss.util.CellRangeAddress;
import org.apache.poi.xddf.usermodel.chart.AxisCrosses;
import org.apache.poi.xddf.usermodel.chart.AxisPosition;
import org.apache.poi.xddf.usermodel.chart.BarDirection;
import org.apache.poi.xddf.usermodel.chart.ChartTypes;
import org.apache.poi.xddf.usermodel.chart.LegendPosition;
import org.apache.poi.xddf.usermodel.chart.XDDFBarChartData;
import org.apache.poi.xddf.usermodel.chart.XDDFCategoryAxis;
import org.apache.poi.xddf.usermodel.chart.XDDFDataSource;
import org.apache.poi.xddf.usermodel.chart.XDDFDataSourcesFactory;
import org.apache.poi.xddf.usermodel.chart.XDDFNumericalDataSource;
import org.apache.poi.xddf.usermodel.chart.XDDFValueAxis;
import org.apache.poi.xssf.streaming.SXSSFSheet;
import org.apache.poi.xssf.streaming.SXSSFWorkbook;
import org.apache.poi.xssf.usermodel.XSSFChart;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/**
 * An Excel workbook: a summary sheet with charts, and the table on a sheet of its own, whose rows
 * go to a temporary file as they come. Texts are text cells, which are never evaluated. Numbers of
 * the format are binary floating point by definition; up to 90,071,992,547,409.91 yuan each is the
 * one nearest to its decimal, so that what is read back is exact.
 */
public final class XlsxFile implements TableFile {

  private static final int ROWS_IN_MEMORY = 100;
  private static final int WIDTH = 18 * 256;
  private static final int WIDE = 26 * 256;
  private static final int CHART_ROWS = 16;
  private static final int CHART_COLUMNS = 9;

  private final OutputStream to;
  private final List<Column> columns;
  private final SXSSFWorkbook book;
  private final XSSFSheet summary;
  private final SXSSFSheet table;
  private final Styles styles;
  private int nextRow;

  /** The few looks of cells; a workbook has a limit on styles. */
  private record Styles(
      CellStyle head, CellStyle money, CellStyle count, CellStyle total, CellStyle totalMoney) {

    static Styles in(Workbook book) {
      Font bold = book.createFont();
      bold.setBold(true);
      CellStyle head = book.createCellStyle();
      head.setFont(bold);
      head.setFillForegroundColor(IndexedColors.GREY_25_PERCENT.getIndex());
      head.setFillPattern(FillPatternType.SOLID_FOREGROUND);
      CellStyle money = book.createCellStyle();
      money.setDataFormat(book.createDataFormat().getFormat("#,##0.00"));
      CellStyle count = book.createCellStyle();
      count.setDataFormat(book.createDataFormat().getFormat("0"));
      CellStyle total = book.createCellStyle();
      total.setFont(bold);
      CellStyle totalMoney = book.createCellStyle();
      totalMoney.cloneStyleFrom(money);
      totalMoney.setFont(bold);
      return new Styles(head, money, count, total, totalMoney);
    }
  }

  public XlsxFile(OutputStream to, List<Column> columns) {
    this.to = to;
    this.columns = List.copyOf(columns);
    XSSFWorkbook whole = new XSSFWorkbook();
    this.summary = whole.createSheet("汇总");
    fitToPageWidth(summary);
    this.book = new SXSSFWorkbook(whole, ROWS_IN_MEMORY, true);
    this.styles = Styles.in(book);
    this.table = book.createSheet("明细");
    fitToPageWidth(table);
    widths(table, columns);
    table.createFreezePane(0, 1);
    titles(table.createRow(nextRow++), columns);
  }

  /** On paper the columns stay side by side. */
  private static void fitToPageWidth(Sheet sheet) {
    sheet.setFitToPage(true);
    sheet.getPrintSetup().setLandscape(true);
    sheet.getPrintSetup().setFitWidth((short) 1);
    sheet.getPrintSetup().setFitHeight((short) 0);
  }

  private static void widths(Sheet sheet, List<Column> columns) {
    for (int i = 0; i < columns.size(); i++) {
      sheet.setColumnWidth(i, columns.get(i).kind() == Column.Kind.TEXT ? WIDE : WIDTH);
    }
  }

  private void titles(Row row, List<Column> of) {
    for (int i = 0; i < of.size(); i++) {
      Cell cell = row.createCell(i);
      cell.setCellValue(of.get(i).title());
      cell.setCellStyle(styles.head());
    }
  }

  @Override
  public void row(List<Object> cells) {
    fill(table.createRow(nextRow++), columns, cells, false);
  }

  @Override
  public void totalRow(List<Object> cells) {
    fill(table.createRow(nextRow++), columns, cells, true);
  }

  private void fill(Row row, List<Column> of, List<Object> cells, boolean total) {
    for (int i = 0; i < of.size(); i++) {
      if (cells.get(i) != null) {
        fill(row.createCell(i), of.get(i).kind(), cells.get(i), total);
      }
    }
  }

  private void fill(Cell cell, Column.Kind kind, Object value, boolean total) {
    switch (kind) {
      case MONEY -> {
        cell.setCellValue(BigDecimal.valueOf((Long) value, 2).doubleValue());
        cell.setCellStyle(total ? styles.totalMoney() : styles.money());
      }
      case COUNT -> {
        cell.setCellValue((Long) value);
        cell.setCellStyle(total ? styles.total() : styles.count());
      }
      case TEXT -> {
        cell.setCellValue(value.toString());
        if (total) {
          cell.setCellStyle(styles.total());
        }
      }
    }
  }

  @Override
  public void end(List<Block> blocks) throws IOException {
    int row = 0;
    for (Block block : blocks) {
      row = block(block, row);
    }
    for (int i = 0; i < CHART_COLUMNS; i++) {
      summary.setColumnWidth(i, i == 0 ? WIDE : WIDTH);
    }
    book.write(to);
    to.flush();
  }

  /**
   * @return the first free row below
   */
  private int block(Block block, int from) {
    int row = from;
    Cell title = summary.createRow(row++).createCell(0);
    title.setCellValue(block.title());
    title.setCellStyle(styles.total());
    titles(summary.createRow(row++), block.columns());
    int first = row;
    for (List<Object> cells : block.rows()) {
      fill(summary.createRow(row++), block.columns(), cells, false);
    }
    if (!block.charted().isEmpty() && !block.rows().isEmpty()) {
      chart(block, first, row - 1, row + 1);
      row += CHART_ROWS + 1;
    }
    return row + 1;
  }

  private void chart(Block block, int firstRow, int lastRow, int at) {
    var drawing = summary.createDrawingPatriarch();
    XSSFChart chart =
        drawing.createChart(
            drawing.createAnchor(0, 0, 0, 0, 0, at, CHART_COLUMNS - 2, at + CHART_ROWS));
    chart.setTitleText(block.title());
    chart.setTitleOverlay(false);
    chart.getOrAddLegend().setPosition(LegendPosition.BOTTOM);
    XDDFCategoryAxis bottom = chart.createCategoryAxis(AxisPosition.BOTTOM);
    XDDFValueAxis left = chart.createValueAxis(AxisPosition.LEFT);
    left.setCrosses(AxisCrosses.AUTO_ZERO);
    XDDFDataSource<String> categories =
        XDDFDataSourcesFactory.fromStringCellRange(
            summary, new CellRangeAddress(firstRow, lastRow, 0, 0));
    XDDFBarChartData data = (XDDFBarChartData) chart.createData(ChartTypes.BAR, bottom, left);
    data.setBarDirection(BarDirection.COL);
    for (int column : block.charted()) {
      XDDFNumericalDataSource<Double> values =
          XDDFDataSourcesFactory.fromNumericCellRange(
              summary, new CellRangeAddress(firstRow, lastRow, column, column));
      data.addSeries(categories, values).setTitle(block.columns().get(column).title(), null);
    }
    chart.plot(data);
  }

  @Override
  public void close() throws IOException {
    book.close();
    to.close();
  }
}
