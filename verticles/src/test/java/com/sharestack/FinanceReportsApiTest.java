package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.billing.ledger.Ledger;
import com.sharestack.billing.ledger.SalePostings;
import com.sharestack.billing.ledger.TrialBalance;
import com.sharestack.billing.ledger.TrialBalanceRepository;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.contract.PaymentMethod;
import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiClient;
import com.sharestack.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** finance.* over HTTP on all roles: order, wait, download, and what others see of it. */
class FinanceReportsApiTest {

  private static TestNode node;
  private static ApiClient anonymous;

  @BeforeAll
  static void start() {
    node = TestNode.of("finance_reports_api");
    App.domains().forEach(node::with);
    App.workers().forEach(node::withWorker);
    node.startAll();
    anonymous = new ApiClient(node.node().httpPort());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static ApiAccount account(String name, String type) {
    return ApiAccount.of(anonymous, name, type);
  }

  private static LocalDate today() {
    return LocalDate.ofInstant(node.clock().instant(), Periods.ZONE);
  }

  private static JsonObject order(String type, String format) {
    return new JsonObject()
        .put("report_type", type)
        .put("start_date", today().toString())
        .put("end_date", today().toString())
        .put("format", format);
  }

  private static JsonObject report(ApiAnswer answer) {
    return answer.data().getJsonObject("report");
  }

  private static JsonObject until(Supplier<JsonObject> look, Predicate<JsonObject> wanted) {
    return node.await(
        () -> {
          JsonObject seen = look.get();
          for (int i = 0; i < 200 && !wanted.test(seen); i++) {
            node.vertx().timer(50, TimeUnit.MILLISECONDS).await();
            seen = look.get();
          }
          assertTrue(wanted.test(seen), seen.encode());
          return seen;
        });
  }

  private static HttpResponse<String> download(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String code(ApiAnswer answer) {
    return answer.status() + " " + answer.errorCode();
  }

  private static void sell(long creator, String paymentId, long fen) {
    Ledger ledger = new Ledger(node.clock());
    Instant now = node.clock().instant();
    node.await(
        () ->
            node.db()
                .tx(
                    tx ->
                        ledger.post(
                            tx,
                            SalePostings.paymentCompleted(
                                paymentId,
                                PaymentMethod.WECHAT,
                                creator,
                                Shares.of(fen, 0, RevenueRates.DEFAULT),
                                now))));
  }

  @Test
  void aCreatorOrdersAReportWaitsAndDownloadsIt() throws Exception {
    ApiAccount creator = account("reporter", "creator");
    ApiAccount other = account("otherone", "creator");
    sell(creator.id(), "pay_000000000001", 2990);
    sell(creator.id(), "pay_000000000002", 9900);

    ApiAnswer ordered = creator.api().post("/finance/reports", order("creator_revenue", "csv"));
    assertEquals(202, ordered.status());
    String id = report(ordered).getString("id");
    String path = "/finance/reports/" + id;
    JsonObject ready =
        until(
            () -> report(creator.api().get(path)),
            seen -> seen.getString("status").equals("ready"));
    assertEquals(2, ready.getInteger("row_count"));
    assertEquals(100, ready.getInteger("progress"));

    HttpResponse<String> file = download(ready.getString("download_url"));
    assertEquals(200, file.statusCode());
    assertTrue(file.body().startsWith("\ufeff时间,"));
    TrialBalance day = node.await(() -> new TrialBalanceRepository().day(node.db(), today()));
    long pending =
        day.accounts().stream()
            .filter(total -> total.code().literal().equals("creator_pending"))
            .mapToLong(TrialBalance.Total::creditFen)
            .sum();
    assertTrue(
        file.body()
            .contains("待结算,0.00,0.00," + com.sharestack.platform.money.Money.ofFen(pending) + ","),
        file.body());

    assertEquals("404 NOT_FOUND", code(other.api().get(path)));
    assertEquals("404 NOT_FOUND", code(creator.api().get("/finance/reports/rpt_000000000000")));
    JsonObject listed =
        creator
            .api()
            .get("/finance/reports?status=ready")
            .data()
            .getJsonArray("reports")
            .getJsonObject(0);
    assertEquals(id, listed.getString("id"));
    assertEquals(0, other.api().get("/finance/reports").data().getJsonArray("reports").size());

    until(
        () -> creator.api().get("/notifications?type=system").data(),
        data -> data.encode().contains("/finance/reports/" + id));

    String again =
        report(creator.api().post("/finance/reports", order("creator_revenue", "csv")))
            .getString("id");
    assertEquals(id, again);

    String url = report(creator.api().get(path)).getString("download_url");
    node.clock().advance(Duration.ofMinutes(11));
    assertEquals(403, download(url).statusCode());
    assertEquals(403, download(url.replace(id, "rpt_000000000000")).statusCode());
    assertEquals(
        200, download(report(creator.api().get(path)).getString("download_url")).statusCode());
  }

  @Test
  void aWorkbookIsTheDefault() throws Exception {
    ApiAccount creator = account("workbook", "creator");
    JsonObject wanted = order("profit_loss", "xlsx");
    wanted.remove("format");
    String id = report(creator.api().post("/finance/reports", wanted)).getString("id");
    JsonObject ready =
        until(
            () -> report(creator.api().get("/finance/reports/" + id)),
            seen -> seen.getString("status").equals("ready"));
    assertEquals("xlsx", ready.getString("format"));
    assertNotNull(ready.getString("download_url"));
    assertTrue(download(ready.getString("download_url")).body().startsWith("PK"));
  }

  @Test
  void whatCannotBeMadeIsRefusedByName() {
    ApiAccount creator = account("refused", "creator");
    ApiAccount reader = account("onlyreader", "reader");
    ApiClient client = creator.api();

    assertEquals(
        "403 FORBIDDEN", code(reader.api().post("/finance/reports", order("revenue", "csv"))));
    assertEquals(
        "401 UNAUTHORIZED", code(anonymous.post("/finance/reports", order("revenue", "csv"))));
    ApiAnswer pdf = client.post("/finance/reports", order("revenue", "pdf"));
    assertEquals("400 VALIDATION_ERROR", code(pdf));
    assertEquals("format", pdf.details().getString("field"));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(
            client.post(
                "/finance/reports",
                order("revenue", "csv").put("end_date", today().minusDays(1).toString()))));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(
            client.post(
                "/finance/reports",
                order("revenue", "csv").put("start_date", today().minusDays(366).toString()))));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(
            client.post(
                "/finance/reports",
                order("revenue", "csv")
                    .put("start_date", today().plusDays(1).toString())
                    .put("end_date", today().plusDays(1).toString()))));
    assertEquals(
        "400 VALIDATION_ERROR",
        code(client.post("/finance/reports", order("balance_sheet", "csv"))));
    assertNull(client.get("/finance/reports").data().getValue("download_url"));
  }
}
