package com.sharestack.billing.ledger;

import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.testing.TestNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** A ledger on a database of its own. */
final class LedgerFixture implements AutoCloseable {

  static final Instant AT = Instant.parse("2026-11-23T08:00:00Z");
  static final PaymentMethod WECHAT = PaymentMethod.WECHAT;

  final TestNode node;
  final Ledger ledger;
  final TrialBalances trialBalances = new TrialBalances();

  LedgerFixture(String name) {
    node = TestNode.of(name).start();
    node.clock().set(AT);
    ledger = new Ledger(node.clock());
  }

  <T> T tx(Function<Tx, T> work) {
    return node.await(() -> node.db().tx(work));
  }

  Posted post(Journal journal) {
    return tx(tx -> ledger.post(tx, journal)).orElseThrow();
  }

  List<Posted> post(List<Journal> journals) {
    return tx(tx -> ledger.post(tx, journals));
  }

  static Journal sale(String paymentId, long creatorId, long fen) {
    return SalePostings.paymentCompleted(
        paymentId, WECHAT, creatorId, Shares.of(fen, 0, RevenueRates.DEFAULT), AT);
  }

  CreatorBalances balances(long creatorId) {
    return tx(tx -> ledger.lockBalances(tx, creatorId));
  }

  /** Balance of an account over all books, in its normal direction. */
  long balance(AccountCode code) {
    return number(
        "SELECT COALESCE(SUM(balance_fen), 0) AS n FROM ledger_accounts WHERE code = ?",
        code.literal());
  }

  /** All stored balances, debits less credits: zero at every commit. */
  long sumOfEverything() {
    return number(
        "SELECT COALESCE(SUM(CASE WHEN side = 'D' THEN balance_fen ELSE -balance_fen END), 0) AS n"
            + " FROM ledger_accounts");
  }

  long number(String sql, Object... args) {
    return node.await(() -> node.db().row(sql, args).orElseThrow().getLong("n"));
  }

  LedgerVerifier.Report verify(LedgerVerifier.Anchor... anchors) {
    try (Connection connection = connect()) {
      return LedgerVerifier.verify(connection, List.of(anchors));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Connection connect() throws SQLException {
    return Endpoints.ofMysqlUrl(node.config().mysql().url(), "").connect();
  }

  /** Sends statements as somebody with the rights of an administrator would. */
  void asAdministrator(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Runs all at once and hands back what each answered. */
  static <T> List<T> inParallel(List<Callable<T>> calls) {
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      List<T> answers = new ArrayList<>();
      for (Future<T> answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
