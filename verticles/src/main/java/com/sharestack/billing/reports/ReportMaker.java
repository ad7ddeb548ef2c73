package com.sharestack.billing.reports;

import com.sharestack.billing.ledger.AccountCode;
import com.sharestack.billing.ledger.CreatorJournalRepository;
import com.sharestack.billing.ledger.CreatorJournalRepository.Place;
import com.sharestack.billing.ledger.JournalView;
import com.sharestack.contract.FinanceReportFormat;
import com.sharestack.contract.FinanceReportType;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.service.Callers;
import com.sharestack.platform.sheets.Block;
import com.sharestack.platform.sheets.Column;
import com.sharestack.platform.sheets.CsvFile;
import com.sharestack.platform.sheets.TableFile;
import com.sharestack.platform.sheets.XlsxFile;
import io.vertx.core.Vertx;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Makes the file of a report: reads page by page, writes row by row. */
final class ReportMaker {

  private static final int JOURNALS = 1_000;
  private static final int SUBSCRIBERS = 200;

  /** A finished file. */
  record Made(long rows, long bytes, String sha256) {}

  private final Vertx vertx;
  private final Sql sql;
  private final Clock clock;
  private final UsersService users;
  private final CreatorJournalRepository journals = new CreatorJournalRepository();
  private final OriginRepository origins = new OriginRepository();
  private final SubscriberRepository subscribers = new SubscriberRepository();
  private final int mostRows;

  ReportMaker(Vertx vertx, Sql sql, Clock clock, UsersService users, int mostRows) {
    this.vertx = vertx;
    this.sql = sql;
    this.clock = clock;
    this.users = users;
    this.mostRows = mostRows;
  }

  /**
   * @param report with its snapshot
   * @param progress is told percents, each at most once
   * @throws Output.TooLargeException when it has too many rows
   */
  Made make(ReportRow report, Path path, IntConsumer progress) throws IOException {
    MessageDigest digest = sha256();
    OutputStream out =
        new DigestOutputStream(
            new BufferedOutputStream(Files.newOutputStream(path), 1 << 16), digest);
    long rows =
        report.order().type() == FinanceReportType.SUBSCRIBERS
            ? subscribers(report, out, progress)
            : journal(report, out, progress);
    return new Made(rows, Files.size(path), HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static TableFile file(ReportRow report, OutputStream out, List<Column> columns)
      throws IOException {
    return report.order().format() == FinanceReportFormat.CSV
        ? new CsvFile(out, columns)
        : new XlsxFile(out, columns);
  }

  private long journal(ReportRow report, OutputStream to, IntConsumer progress) throws IOException {
    ReportPeriod period = ReportPeriod.of(report.order());
    Map<AccountCode, Long> opening =
        journals.balancesBefore(sql, report.creatorId(), period.start());
    Table table =
        Table.of(
            report.order().type(),
            period,
            opening.get(AccountCode.CREATOR_AVAILABLE) + opening.get(AccountCode.CREATOR_FROZEN));
    Summary summary = new Summary(report, period, opening);
    try (TableFile file = file(report, to, table.columns())) {
      Output out = new Output(file, mostRows);
      Place place = Place.before(period.start());
      int told = 0;
      List<JournalView> page;
      do {
        page =
            journals.page(
                sql, report.creatorId(), place, period.end(), report.snapshotSeq(), JOURNALS);
        take(page, table, summary, out);
        if (!page.isEmpty()) {
          place = Place.after(page.getLast());
          told = tell(progress, told, period.percentAt(place.postedAt()));
        }
      } while (page.size() == JOURNALS);
      table.end(out);
      end(file, summary.blocks(clock.instant()));
      return out.rows();
    }
  }

  private void take(List<JournalView> page, Table table, Summary summary, Output out)
      throws IOException {
    Map<Long, Origin> about = origins.origins(sql, page);
    for (JournalView journal : page) {
      Movement movement = Movement.of(journal);
      Origin origin = about.getOrDefault(journal.journalId(), Origin.NONE);
      table.take(movement, origin, out);
      summary.take(journal, movement, origin);
    }
  }

  private long subscribers(ReportRow report, OutputStream to, IntConsumer progress)
      throws IOException {
    ReportPeriod period = ReportPeriod.of(report.order());
    SubscriberTable table = new SubscriberTable(users);
    try (TableFile file = file(report, to, SubscriberTable.COLUMNS)) {
      Output out = new Output(file, mostRows);
      long after = 0;
      int told = 0;
      List<SubscriberRow> page;
      do {
        page =
            subscribers.page(
                sql, report.creatorId(), after, period.start(), period.end(), SUBSCRIBERS);
        if (!page.isEmpty()) {
          table.take(Callers.system("report_" + report.publicId()), page, out);
          after = page.getLast().userId();
          // how many there are is not known before the end
          told = tell(progress, told, (int) (100 * out.rows() / (out.rows() + 2_000)));
        }
      } while (page.size() == SUBSCRIBERS);
      table.end(out);
      end(file, List.of());
      return out.rows();
    }
  }

  private static int tell(IntConsumer progress, int told, int percent) {
    int shown = Math.min(percent, 95);
    if (shown > told) {
      progress.accept(shown);
    }
    return Math.max(told, shown);
  }

  /** Zipping a long table takes seconds, in which heartbeats must go on. */
  private void end(TableFile file, List<Block> blocks) {
    vertx
        .executeBlocking(
            () -> {
              file.end(blocks);
              return null;
            },
            false)
        .await();
  }
}
