package com.sharestack.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormattingTest {

  @Test
  void everyJavaFileIsFormattedAndMvnPformatDoesIt() throws IOException {
    assertEquals(List.of(), Formatting.unformatted(Path.of("..").toAbsolutePath().normalize()));
  }
}
