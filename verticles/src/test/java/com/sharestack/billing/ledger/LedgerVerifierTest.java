package com.sharestack.billing.ledger;

import static com.sharestack.billing.ledger.LedgerFixture.AT;
import static com.sharestack.billing.ledger.LedgerFixture.WECHAT;
import static com.sharestack.billing.ledger.LedgerFixture.sale;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.ledger.Finding.Kind;
import com.sharestack.billing.ledger.LedgerVerifier.Anchor;
import com.sharestack.billing.ledger.LedgerVerifier.Report;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody with every right on the database changes rows behind the application's back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LedgerVerifierTest {

  private static final int CREATOR = 5;

  private LedgerFixture fixture;

  @BeforeAll
  void start() throws SQLException {
    fixture = new LedgerFixture("ledger_verifier");
    for (int i = 1; i <= 4; i++) {
      fixture.post(sale("pay_" + i, CREATOR, 2990));
      fixture.post(SalePostings.lateOrDuplicatePayment(WECHAT, "t" + i, 500, AT));
    }
    fixture.post(sale("pay_5", CREATOR, 2990));
    for (String table : List.of("ledger_journals", "ledger_lines")) {
      fixture.asAdministrator(
          "DROP TRIGGER tr_%s_update".formatted(table),
          "DROP TRIGGER tr_%s_delete".formatted(table));
    }
    fixture.asAdministrator(
        "DROP TRIGGER tr_ledger_books_update",
        "DROP TRIGGER tr_ledger_accounts_update",
        "DROP TRIGGER tr_ledger_lines_insert");
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @Test
  void anUntouchedLedgerIsIntact() {
    Report report = fixture.verify();
    assertTrue(report.intact(), () -> report.findings().toString());
    assertEquals(9, report.journals());
    assertEquals(5 * 3 + 4 * 2, report.lines());
    assertEquals(report, fixture.verify(report.heads().toArray(Anchor[]::new)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE ledger_lines SET amount_fen = amount_fen + 1 WHERE direction = 'D' AND journal_id ="
            + " {pay_2} | UNBALANCED BALANCE",
        "UPDATE ledger_lines SET amount_fen = amount_fen + 100 WHERE line_no IN (1, 2) AND"
            + " journal_id = {pay_2} | CONTENT BALANCE",
        "UPDATE ledger_lines SET direction = CASE direction WHEN 'D' THEN 'C' ELSE 'D' END WHERE"
            + " journal_id = {pay_2} | CONTENT BALANCE",
        "UPDATE ledger_lines SET posted_at = '2026-01-02' WHERE line_no = 1 AND journal_id ="
            + " {pay_2} | TIME",
        "DELETE FROM ledger_lines WHERE line_no = 3 AND journal_id = {pay_2} | LINES UNBALANCED"
            + " BALANCE",
        "DELETE FROM ledger_lines WHERE journal_id = {pay_2} | LINES CONTENT BALANCE",
        "INSERT INTO ledger_lines SELECT journal_id, line_no + 7, account_id, direction,"
            + " amount_fen, posted_at FROM ledger_lines WHERE journal_id = {pay_2} | LINES CONTENT"
            + " BALANCE",
        "UPDATE ledger_journals SET event_ref = 'pay_x' WHERE journal_id = {pay_2} | CONTENT",
        "UPDATE ledger_journals SET event_type = 'x' WHERE journal_id = {pay_2} | UNBALANCED",
        "UPDATE ledger_journals SET creator_id = 21 WHERE journal_id = {pay_2} | UNBALANCED",
        "UPDATE ledger_journals SET occurred_at = '2026-01-02' WHERE journal_id = {pay_2} |"
            + " CONTENT",
        "UPDATE ledger_journals SET content_hash = hash WHERE journal_id = {pay_2} | CONTENT",
        "UPDATE ledger_journals SET hash = content_hash WHERE journal_id = {pay_2} | CONTENT CHAIN",
        "UPDATE ledger_journals SET prev_hash = hash WHERE journal_id = {pay_2} | CHAIN",
        "UPDATE ledger_journals SET seq = seq + 50 WHERE journal_id = {pay_5} | GAP CONTENT HEAD",
        "DELETE l, j FROM ledger_lines l JOIN ledger_journals j ON j.journal_id = l.journal_id"
            + " WHERE j.journal_id = {pay_2} | GAP CHAIN CONTENT BALANCE",
        "DELETE l, j FROM ledger_lines l JOIN ledger_journals j ON j.journal_id = l.journal_id"
            + " WHERE j.journal_id = {pay_5} | HEAD BALANCE",
        "UPDATE ledger_accounts SET balance_fen = balance_fen + 1 WHERE code = 'creator_pending' |"
            + " BALANCE",
        "UPDATE ledger_accounts SET balance_fen = balance_fen + 1 WHERE code = 'refund_payable' AND"
            + " channel = 'wechat' | BALANCE",
        "UPDATE ledger_accounts SET channel = 'alipay' WHERE code = 'channel_receivable' AND book ="
            + " 5 | CONTENT",
        "UPDATE ledger_accounts SET book = 6 WHERE code = 'creator_pending' | PLACE BALANCE",
        "UPDATE ledger_books SET last_seq = last_seq + 1 WHERE book = 5 | HEAD",
        "UPDATE ledger_books SET last_hash = REPEAT('x', 32) WHERE book = 5 | HEAD",
        "DELETE FROM ledger_books WHERE book = 15 | HEAD"
      })
  void whatWasTamperedWithIsFound(String sql, String kinds) throws SQLException {
    Set<Kind> expected =
        Arrays.stream(kinds.split(" ")).map(Kind::valueOf).collect(Collectors.toSet());
    Set<Kind> found = EnumSet.noneOf(Kind.class);
    try (Connection connection = fixture.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET FOREIGN_KEY_CHECKS = 0");
      statement.execute("DROP TRIGGER IF EXISTS tr_ledger_books_delete");
      connection.setAutoCommit(false);
      int changed = statement.executeUpdate(journalIds(sql));
      assertTrue(changed > 0, sql);
      // the verifier reads inside the tamperer's transaction, whose end undoes it
      LedgerVerifier.verify(connection, List.of())
          .findings()
          .forEach(finding -> found.add(finding.kind()));
    }
    assertEquals(expected, found, sql);
    assertTrue(fixture.verify().intact());
  }

  private static String journalIds(String sql) {
    return sql.replaceAll(
        "\\{(pay_\\d)}",
        "(SELECT journal_id FROM (SELECT journal_id FROM ledger_journals WHERE event_type ="
            + " 'payment_completed' AND event_ref = '$1') AS tampered)");
  }

  @Test
  void aBookRewrittenToItsEndIsFoundByAnAnchorKeptElsewhere() {
    Anchor kept =
        fixture.verify().heads().stream()
            .filter(a -> a.book() == CREATOR)
            .findFirst()
            .orElseThrow();
    Anchor other = new Anchor(kept.book(), kept.seq(), "0".repeat(64));
    Anchor beyond = new Anchor(kept.book(), kept.seq() + 1, kept.hash());
    Report report = fixture.verify(kept, other, beyond);
    assertEquals(
        List.of(Kind.ANCHOR, Kind.ANCHOR), report.findings().stream().map(Finding::kind).toList());
  }

  @Test
  void theProgramPrintsFindingsAndHeadsAndReadsHeadsBack() {
    Report report = fixture.verify(new Anchor(CREATOR, 99, "00"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    VerifyLedger.print(report, new PrintStream(out, true, StandardCharsets.UTF_8));
    List<String> printed = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals("9 journals, 23 lines, 1 findings", printed.get(0));
    assertEquals("ANCHOR book 5 seq 99: is not there", printed.get(1));
    assertEquals(
        report.heads(),
        printed.subList(2, printed.size()).stream().map(VerifyLedger::anchor).toList());
    assertFalse(report.intact());
  }
}
