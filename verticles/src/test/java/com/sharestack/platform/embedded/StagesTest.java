package com.sharestack.platform.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StagesTest {
  private final CountDownLatch spoken = new CountDownLatch(1);
  private final ByteArrayOutputStream printed =
      new ByteArrayOutputStream() {
        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
          super.write(bytes, offset, length);
          spoken.countDown();
        }
      };
  private final Stages stages =
      new Stages(new PrintStream(printed, true, StandardCharsets.UTF_8), 12, Duration.ofMillis(10));

  @AfterEach
  void close() {
    stages.close();
  }

  @Test
  void eachStageHasItsNumberAndItsTime() {
    Stages calm = new Stages(new PrintStream(printed, true, StandardCharsets.UTF_8), 12);
    assertEquals("done", calm.run("unpack database", progress -> "done"));
    calm.skip("install", "already there");
    calm.close();
    List<String> lines = lines();
    assertTrue(
        lines.get(0).matches("\\[ 1/12] unpack database \\.\\.\\. \\d+\\.\\d s"), lines::toString);
    assertEquals("[ 2/12] install ... already there", lines.get(1));
  }

  @Test
  void progressIsOneLinePerTenPercent() {
    stages.run(
        "copy",
        progress -> {
          for (int i = 0; i <= 1000; i++) {
            progress.report(i, 1000);
          }
          return null;
        });
    assertEquals(
        List.of("10 %", "20 %", "30 %", "40 %", "50 %", "60 %", "70 %", "80 %", "90 %"),
        lines().stream()
            .filter(line -> line.endsWith("%"))
            .map(line -> line.split("\\.\\.\\. ")[1])
            .toList());
  }

  @Test
  void aStageWithoutAWordSaysThatItStillWorks() {
    boolean heard = stages.run("recover", progress -> spoken.await(10, TimeUnit.SECONDS));
    assertTrue(heard);
    assertTrue(lines().getFirst().contains("recover ... still working, "), lines()::toString);
  }

  @Test
  void aFailureEndsItsStageAndKeepsItsSentence() {
    StartupFailure sentence = new StartupFailure("Do this.");
    assertEquals(
        sentence,
        assertThrows(
            StartupFailure.class,
            () ->
                stages.run(
                    "start",
                    progress -> {
                      throw sentence;
                    })));
    StartupFailure wrapped =
        assertThrows(
            StartupFailure.class,
            () ->
                stages.run(
                    "read it",
                    progress -> {
                      throw new IOException("broken");
                    }));
    assertTrue(wrapped.getMessage().startsWith("Could not read it: "), wrapped.getMessage());
    assertTrue(lines().getLast().contains("read it ... failed after"), lines()::toString);
  }

  private List<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
