package com.sharestack.billing.reports;

import static com.sharestack.billing.reports.ReportFixture.csv;
import static com.sharestack.billing.reports.ReportFixture.order;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.FinanceReportFailure;
import com.sharestack.contract.FinanceReportFormat;
import com.sharestack.contract.FinanceReportStatus;
import com.sharestack.contract.FinanceReportType;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.LeaseLostException;
import com.sharestack.platform.storage.ObjectStore;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReportJobTest {

  private static final ReportOrder ORDER =
      order(FinanceReportType.CREATOR_REVENUE, FinanceReportFormat.CSV);
  private static final AtomicInteger CREATORS = new AtomicInteger(100);

  private static ReportFixture fixture;

  private final long creator = CREATORS.incrementAndGet();

  @BeforeAll
  static void start() {
    fixture = new ReportFixture("report_job");
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private void sell(int count) {
    for (int i = 0; i < count; i++) {
      fixture.post(
          List.of(
              SalePostings.paymentCompleted(
                  "pay_" + creator + "_" + System.nanoTime(),
                  PaymentMethod.WECHAT,
                  creator,
                  Shares.of(2990, 0, RevenueRates.DEFAULT),
                  ReportFixture.NOW)));
    }
  }

  private static long events(String id) {
    return fixture
        .tx(
            tx ->
                tx.row(
                    "SELECT COUNT(*) FROM outbox WHERE topic = 'finance.report.finished' AND"
                        + " payload LIKE ?",
                    "%" + id + "%"))
        .orElseThrow()
        .getLong(0);
  }

  @Test
  void anOrderIsQueuedThenReadyAndTellsItOnce() {
    sell(2);
    String id = fixture.order(creator, ORDER);
    assertEquals(FinanceReportStatus.QUEUED, fixture.row(id).status());
    assertNull(fixture.reports.view(fixture.row(id)).downloadUrl());

    fixture.work();

    ReportRow ready = fixture.row(id);
    assertEquals(FinanceReportStatus.READY, ready.status());
    assertEquals(2, ready.rowCount());
    assertEquals(100, ready.progress());
    assertEquals(1, events(id));
    assertEquals(200, fixture.get(fixture.reports.view(ready).downloadUrl()).statusCode());
  }

  @Test
  void theSameOrderAtOnceIsOneReportAndAfterTenMinutesAnother() throws Exception {
    List<Callable<String>> calls =
        IntStream.range(0, 8)
            .<Callable<String>>mapToObj(i -> () -> fixture.order(creator, ORDER))
            .toList();
    Set<String> ids;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      ids = threads.invokeAll(calls).stream().map(ReportJobTest::get).collect(Collectors.toSet());
    }
    assertEquals(1, ids.size());
    fixture.work();
    String first = ids.iterator().next();
    assertEquals(first, fixture.order(creator, ORDER));
    assertNotEquals(first, fixture.order(creator + 5000, ORDER));

    fixture.node.clock().advance(Duration.ofMinutes(10));
    assertNotEquals(first, fixture.order(creator, ORDER));
    fixture.work();
    fixture.work();
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatADeadWorkerBeganAnotherFinishesFromTheSameSnapshot() {
    sell(3);
    String id = fixture.order(creator, ORDER);
    Job lost = fixture.claim();
    // the first worker gets as far as its snapshot
    ReportJob first =
        new ReportJob(
            fixture.node.vertx(),
            fixture.platform.with(ObjectStore.NONE),
            fixture.jobs,
            fixture.rows,
            ReportFixture.users());
    assertThrows(ServiceException.class, () -> fixture.step(first, lost));
    assertEquals(FinanceReportStatus.RUNNING, fixture.row(id).status());
    sell(4);
    fixture.node.clock().advance(Duration.ofSeconds(61));

    Job again = fixture.claim();
    assertEquals(lost.id(), again.id());
    fixture.step(fixture.worker(), again);

    assertEquals(3, fixture.row(id).rowCount());
    assertThrows(LeaseLostException.class, () -> fixture.step(fixture.worker(), lost));
    assertEquals(1, events(id));
  }

  @Test
  void aReportWithTooManyRowsFailsByNameAndMayBeOrderedAgain() {
    sell(6);
    String id = fixture.order(creator, ORDER);
    fixture.step(fixture.worker(5), fixture.claim());

    ReportRow failed = fixture.row(id);
    assertEquals(FinanceReportStatus.FAILED, failed.status());
    assertEquals(FinanceReportFailure.TOO_LARGE, failed.failure());
    assertNull(fixture.reports.view(failed).downloadUrl());
    assertEquals(1, events(id));
    String next = fixture.order(creator, ORDER);
    assertNotEquals(id, next);
    fixture.step(fixture.worker(6), fixture.claim());
    assertEquals(6, fixture.row(next).rowCount());
  }

  @Test
  void anOrderThatKeepsFailingIsFailedForItsCreatorAndAnOperatorMayTryAgain() {
    String id = fixture.order(creator, ORDER);
    ReportJob worker = fixture.worker();
    for (int attempt = 1; attempt <= 5; attempt++) {
      Job job = fixture.claim();
      fixture.node.await(() -> fixture.jobs.failed(job, "Away", "storage is away", worker::dead));
      fixture.node.clock().advance(Duration.ofMinutes(11));
    }
    assertEquals(FinanceReportFailure.INTERNAL, fixture.row(id).failure());
    assertEquals(1, events(id));

    fixture.tx(
        tx ->
            tx.update(
                """
                UPDATE jobs SET status = 'queued', attempts = 0, finished_at = NULL
                WHERE job_type = 'billing.report' AND job_key = ?
                """,
                id));
    fixture.work();
    assertEquals(FinanceReportStatus.READY, fixture.row(id).status());
  }

  @Test
  void afterThirtyDaysTheFileIsGoneAndTheRowStays() {
    sell(1);
    String id = fixture.order(creator, ORDER);
    fixture.work();
    fixture.node.clock().advance(Duration.ofDays(30));
    ReportRow late = fixture.row(id);
    assertEquals(
        FinanceReportStatus.EXPIRED, fixture.reports.view(late).status(), "before the timer comes");
    assertNull(fixture.reports.view(late).downloadUrl());

    ReportSweep sweep =
        new ReportSweep(
            fixture.node.db(),
            fixture.node.clock(),
            fixture.jobs,
            fixture.rows,
            fixture.storage.store());
    Job timer = fixture.node.await(() -> fixture.jobs.claim(ReportSweep.TYPE, 1)).get(0);
    fixture.node.await(
        () -> {
          sweep.step(timer);
          return 0;
        });

    assertEquals(FinanceReportStatus.EXPIRED, fixture.row(id).status());
    String url =
        fixture.storage.store().presignedGet(late.fileKey(), Duration.ofMinutes(1), "x.csv");
    assertEquals(404, fixture.get(url).statusCode());
    assertEquals(
        List.of(), fixture.node.await(() -> fixture.jobs.claim(ReportSweep.TYPE, 1)), "in an hour");
    assertTrue(
        fixture
            .node
            .await(
                () ->
                    fixture.reports.page(creator, null, FinanceReportStatus.EXPIRED, 20, 0).stream()
                        .map(ReportRow::publicId)
                        .toList())
            .contains(id));
    fixture.node.clock().advance(Duration.ofDays(61));
    assertEquals(0, fixture.node.await(() -> fixture.reports.count(creator, null, null)));
  }

  @Test
  void salesNameTheirPlanAndSubscribersAreListedWithoutTheirAddress() {
    subscribe();
    fixture.post(
        List.of(
            SalePostings.paymentCompleted(
                "pay_" + creator,
                PaymentMethod.ALIPAY,
                creator,
                Shares.of(2990, 0, RevenueRates.DEFAULT),
                ReportFixture.NOW)));
    fixture.tx(
        tx ->
            tx.insert(
                """
                INSERT INTO earning_lines (public_id, kind, ref, status, creator_id, income, purpose, order_id, plan_name,
                  paid_fen, platform_discount_fen, platform_fen, creator_share_fen, platform_fee_rate, creator_share_rate,
                  processed_at, hold_until, created_at)
                VALUES (?, 'sale', ?, 'completed', ?, 'subscription', 'initial', ?, '=高级会员', 2990, 0, 299, 2691,
                  1000, 10000, ?, ?, ?)
                """,
                "txn_" + creator,
                "pay_" + creator,
                creator,
                "sub_" + creator,
                ReportFixture.NOW,
                ReportFixture.NOW,
                ReportFixture.NOW));
    fixture.tx(tx -> tx.update("UPDATE subscription_periods SET paid_fen = 2990"));
    ReportOrder revenue =
        new ReportOrder(
            FinanceReportType.REVENUE,
            ReportFixture.TODAY,
            ReportFixture.TODAY.plusDays(120),
            FinanceReportFormat.CSV,
            com.sharestack.contract.FinanceReportGroup.DAY);
    List<String> sale = csv(fixture.file(creator, revenue)).get(1);
    assertEquals(
        "订阅,支付宝,'=高级会员,1,29.90,2.99,26.91", String.join(",", sale.subList(1, sale.size())));

    ReportOrder subscribers =
        new ReportOrder(
            FinanceReportType.SUBSCRIBERS,
            revenue.from(),
            revenue.to(),
            FinanceReportFormat.CSV,
            revenue.groupBy());
    List<List<String>> lines = csv(fixture.file(creator, subscribers));
    assertEquals(List.of("reader_501", "'=读者501", "r***@example.com"), lines.get(1).subList(0, 3));
    assertEquals(List.of("29.90", "否", "29.90", "免费"), lines.get(1).subList(8, 12));
    assertEquals("合计", lines.get(2).get(0));
  }

  private void subscribe() {
    fixture.tx(
        tx -> {
          long plan =
              tx.insert(
                  """
                  INSERT INTO plans (creator_id, name, description, price_fen, billing_cycle, is_active, ever_activated,
                    features, entitlements, metadata, created_at, updated_at)
                  VALUES (?, '=高级会员', '', 2990, 'monthly', 1, 1, '[]',
                    '{"content_scope":"all","visibility_levels":[],"category_ids":[],"article_ids":[]}', '{}', ?, ?)
                  """,
                  creator,
                  ReportFixture.NOW,
                  ReportFixture.NOW);
          long subscription =
              tx.insert(
                  """
                  INSERT INTO subscriptions (public_id, user_id, creator_id, plan_id, status, source, price_fen,
                    billing_cycle, current_period_start, activated_at, created_at, updated_at)
                  VALUES (?, 501, ?, ?, 'active', 'free', 2990, 'monthly', ?, ?, ?, ?)
                  """,
                  "sub_" + creator,
                  creator,
                  plan,
                  ReportFixture.NOW,
                  ReportFixture.NOW,
                  ReportFixture.NOW,
                  ReportFixture.NOW);
          return tx.insert(
              """
              INSERT INTO subscription_periods (subscription_id, plan_id, period_start, price_fen, paid_fen, created_at)
              VALUES (?, ?, ?, 2990, 0, ?)
              """,
              subscription,
              plan,
              ReportFixture.NOW,
              ReportFixture.NOW);
        });
  }
}
