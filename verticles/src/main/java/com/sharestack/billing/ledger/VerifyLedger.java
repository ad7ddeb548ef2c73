package com.sharestack.billing.ledger;

import com.sharestack.billing.ledger.LedgerVerifier.Anchor;
import com.sharestack.billing.ledger.LedgerVerifier.Report;
import com.sharestack.platform.embedded.Endpoints;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * {@link LedgerVerifier} as a program: {@code java -cp … com.sharestack.billing.ledger.VerifyLedger
 * [book:seq:hash …]}, the database in SHARESTACK_MYSQL_URL. Prints what it found and then the
 * heads, which are the arguments of the next run. Exit status 1 when something is wrong.
 */
public final class VerifyLedger {

  private VerifyLedger() {}

  public static void main(String[] args) throws SQLException {
    String url = System.getenv("SHARESTACK_MYSQL_URL");
    if (url == null) {
      System.err.println("Name the database in SHARESTACK_MYSQL_URL.");
      System.exit(2);
    }
    List<Anchor> anchors = Arrays.stream(args).map(VerifyLedger::anchor).toList();
    try (Connection connection = Endpoints.ofMysqlUrl(url, "").connect()) {
      Report report = LedgerVerifier.verify(connection, anchors);
      print(report, new PrintStream(System.out, true, StandardCharsets.UTF_8));
      System.exit(report.intact() ? 0 : 1);
    }
  }

  static Anchor anchor(String text) {
    String[] parts = text.split(":");
    if (parts.length != 3) {
      throw new IllegalArgumentException("an anchor is book:seq:hash, not " + text);
    }
    return new Anchor(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), parts[2]);
  }

  static void print(Report report, PrintStream out) {
    out.printf(
        "%d journals, %d lines, %d findings%n",
        report.journals(), report.lines(), report.findings().size());
    report
        .findings()
        .forEach(f -> out.printf("%s book %d seq %d: %s%n", f.kind(), f.book(), f.seq(), f.text()));
    report.heads().forEach(a -> out.printf("%d:%d:%s%n", a.book(), a.seq(), a.hash()));
  }
}
