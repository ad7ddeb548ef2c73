package com.sharestack.platform.sheets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvFileTest {

  private static final List<Column> COLUMNS =
      List.of(Column.text("名称"), Column.money("金额"), Column.count("笔数"));

  @Test
  void itIsUtf8WithBomAndQuotesWhatNeedsIt() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CsvFile file = new CsvFile(bytes, COLUMNS)) {
      file.row(Arrays.asList("月度,\"会员\"\n二", -2990L, 3L));
      file.totalRow(Arrays.asList("合计", 9_007_199_254_740_991L, null));
      file.end(
          List.of(
              new Block(
                  "账户",
                  List.of(Column.text("户"), Column.money("余额")),
                  List.of(List.of("a", 5L)),
                  List.of())));
    }
    assertEquals(
        "\ufeff名称,金额,笔数\r\n\"月度,\"\"会员\"\"\n二\",-29.90,3\r\n合计,90071992547409.91,\r\n"
            + "\r\n账户\r\n户,余额\r\na,0.05\r\n",
        bytes.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "=1+1,'''=1+1'",
    "+86,'''+86'",
    "-2,'''-2'",
    "@SUM(A1),'''@SUM(A1)'",
    "'  =cmd','''  =cmd'",
    "'\t=cmd','''\t=cmd'",
    "＝cmd,'''＝cmd'",
    "普通会员,普通会员",
    "a=b,a=b",
    "'',''"
  })
  void aTextThatLooksLikeAFormulaIsPrefixed(String text, String written) {
    assertEquals(written, CsvFile.guarded(text));
  }
}
