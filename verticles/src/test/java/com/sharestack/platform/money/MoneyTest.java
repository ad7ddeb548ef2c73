package com.sharestack.platform.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

  @ParameterizedTest
  @CsvSource({
    "29.90, 2990",
    "29.9, 2990",
    "0.01, 1",
    "0, 0",
    "99999999.99, 9999999999",
    "-3.50, -350",
    "1E+2, 10000",
    "92233720368547758.07, 9223372036854775807"
  })
  void yuanBecomeFenExactly(BigDecimal yuan, long fen) {
    assertEquals(fen, Money.toFen(yuan));
    assertEquals(0, yuan.compareTo(Money.ofFen(fen)));
  }

  @Test
  void fenAreWrittenWithTwoPlaces() {
    assertEquals("29.90", Money.ofFen(2990).toPlainString());
    assertEquals("0.00", Money.ofFen(0).toPlainString());
    assertEquals("0.05", Money.ofFen(Long.valueOf(5)).toPlainString());
    assertNull(Money.ofFen(null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.001", "29.999", "1E-3", "92233720368547758.08", "1E+30"})
  void whatIsNoWholeNumberOfFenOrTooLargeIsRefusedAndNeverRounded(BigDecimal yuan) {
    assertThrows(ArithmeticException.class, () -> Money.toFen(yuan));
  }
}
