package com.sharestack.billing.reports;

import static com.sharestack.billing.reports.ReportFixture.order;

import com.sharestack.contract.FinanceReportFormat;
import com.sharestack.contract.FinanceReportType;
import com.sharestack.platform.embedded.Endpoints;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.sql.Connection;
import java.time.Duration;

/**
 * Reports over a million ledger lines in a small heap. Not a test: run {@code main} on the test
 * class path with, say, {@code -Xmx96m}; the database writes the lines first, which takes a minute
 * or two.
 */
public final class ReportBench {

  private static final long CREATOR = 7;
  private static final int JOURNALS = 199_999;

  private ReportBench() {}

  public static void main(String[] args) throws Exception {
    int journals = args.length > 0 ? Integer.parseInt(args[0]) : JOURNALS;
    try (ReportFixture fixture = new ReportFixture("report_bench")) {
      try (Connection connection =
          Endpoints.ofMysqlUrl(fixture.node.config().mysql().url(), "").connect()) {
        long begun = System.nanoTime();
        ManyLines.write(fixture, connection, CREATOR, journals);
        say("%d lines written in %s", (long) journals * ManyLines.LINES, since(begun));
      }
      for (FinanceReportFormat format :
          new FinanceReportFormat[] {FinanceReportFormat.CSV, FinanceReportFormat.XLSX}) {
        for (FinanceReportType type :
            new FinanceReportType[] {
              FinanceReportType.PROFIT_LOSS, FinanceReportType.CREATOR_REVENUE
            }) {
          measure(fixture, type, format);
        }
      }
    }
    System.exit(0);
  }

  private static void measure(
      ReportFixture fixture, FinanceReportType type, FinanceReportFormat format) {
    String id = fixture.order(CREATOR, order(type, format));
    heap().forEach(MemoryPoolMXBean::resetPeakUsage);
    long begun = System.nanoTime();
    java.util.concurrent.CompletableFuture<Void> done =
        new java.util.concurrent.CompletableFuture<>();
    fixture.node.await(
        () -> {
          io.vertx.core.Vertx.currentContext()
              .runOnContext(
                  go -> {
                    try {
                      fixture.worker().step(fixture.jobs.claim(ReportJob.TYPE, 1).get(0));
                      done.complete(null);
                    } catch (Throwable failure) {
                      done.completeExceptionally(failure);
                    }
                  });
          return 0;
        });
    done.join();
    long peak = heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() >> 20;
    ReportRow row = fixture.row(id);
    say(
        "%s %s: %s, %d rows, %s, heap at most %d MB of %d",
        type.literal(),
        format.literal(),
        row.status().literal(),
        row.rowCount(),
        since(begun),
        peak,
        Runtime.getRuntime().maxMemory() >> 20);
  }

  private static java.util.List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static Duration since(long begun) {
    return Duration.ofMillis((System.nanoTime() - begun) / 1_000_000);
  }

  private static void say(String format, Object... args) {
    System.out.printf(format + "%n", args);
  }
}
