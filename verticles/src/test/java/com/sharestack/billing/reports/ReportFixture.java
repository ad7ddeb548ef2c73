package com.sharestack.billing.reports;

import com.sharestack.billing.ledger.Journal;
import com.sharestack.billing.ledger.Ledger;
import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.FinanceReportFormat;
import com.sharestack.contract.FinanceReportGroup;
import com.sharestack.contract.FinanceReportStatus;
import com.sharestack.contract.FinanceReportType;
import com.sharestack.contract.MaskedEmail;
import com.sharestack.contract.MaskedEmails;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserCards;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersMaskedEmailsRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.storage.FileStorage;
import com.sharestack.testing.TestNode;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reports without their verticle: a test says when which worker does what. */
final class ReportFixture implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

  final TestNode node;
  final Platform platform;
  final JobQueue jobs;
  final ReportRepository rows = new ReportRepository();
  final Reports reports;
  final Ledger ledger;
  final FileStorage storage;
  final HttpClient http = HttpClient.newHttpClient();

  ReportFixture(String name) {
    node = TestNode.of(name).start();
    node.clock().set(NOW);
    storage =
        FileStorage.open(node.vertx(), node.config(), node.clock())
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    platform = node.platform().with(storage.store());
    jobs = new JobQueue(node.db(), node.clock());
    reports = new Reports(node.db(), node.clock(), jobs, rows, storage.store());
    ledger = new Ledger(node.clock());
  }

  /** Knows every user below 900000 by name and address. */
  static UsersService users() {
    return (UsersService)
        Proxy.newProxyInstance(
            UsersService.class.getClassLoader(),
            new Class<?>[] {UsersService.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "cards" -> cards(((UsersCardsRequest) args[1]).body().ids());
                  case "maskedEmails" -> emails(((UsersMaskedEmailsRequest) args[1]).body().ids());
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static Future<UserCards> cards(List<Long> ids) {
    return Future.succeededFuture(
        new UserCards(
            ids.stream()
                .filter(id -> id < 900_000)
                .map(
                    id ->
                        UserCard.builder()
                            .userId(id)
                            .username("reader_" + id)
                            .displayName("=读者" + id)
                            .userType(UserType.READER)
                            .isVerified(false)
                            .status(AccountStatus.ACTIVE)
                            .build())
                .toList()));
  }

  private static Future<MaskedEmails> emails(List<Long> ids) {
    return Future.succeededFuture(
        new MaskedEmails(
            ids.stream()
                .filter(id -> id < 900_000)
                .map(id -> new MaskedEmail(id, "r***@example.com"))
                .toList()));
  }

  <T> T tx(Function<Tx, T> work) {
    return node.await(() -> node.db().tx(work));
  }

  void post(List<Journal> journals) {
    tx(tx -> ledger.post(tx, journals));
  }

  static ReportOrder order(FinanceReportType type, FinanceReportFormat format) {
    return new ReportOrder(type, TODAY.minusDays(60), TODAY, format, FinanceReportGroup.MONTH);
  }

  String order(long creator, ReportOrder order) {
    return node.await(() -> reports.order(creator, order, (tx, id) -> {})).publicId();
  }

  ReportJob worker() {
    return worker(Output.MOST_ROWS);
  }

  ReportJob worker(int mostRows) {
    return new ReportJob(node.vertx(), platform, jobs, rows, users(), mostRows);
  }

  Job claim() {
    return node.await(() -> jobs.claim(ReportJob.TYPE, 1)).get(0);
  }

  /** Claims the oldest order and makes it. */
  void work() {
    Job job = claim();
    step(worker(), job);
  }

  void step(ReportJob worker, Job job) {
    node.await(
        () -> {
          worker.step(job);
          return 0;
        });
  }

  ReportRow row(String id) {
    return node.await(() -> rows.find(node.db(), id)).orElseThrow();
  }

  /** Ordered, made, and read by its address. */
  byte[] file(long creator, ReportOrder order) {
    String id = order(creator, order);
    if (row(id).status() == FinanceReportStatus.QUEUED) {
      work();
    }
    return download(id);
  }

  byte[] download(String id) {
    return get(reports.view(row(id)).downloadUrl()).body();
  }

  HttpResponse<byte[]> get(String url) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The lines of a CSV file; no test puts quotes into one. */
  static List<List<String>> csv(byte[] file) {
    List<List<String>> lines = new ArrayList<>();
    for (String line : new String(file, StandardCharsets.UTF_8).substring(1).split("\r\n")) {
      lines.add(List.of(line.split(",", -1)));
    }
    return lines;
  }

  /** What follows the line that is {@code title}, as far as the next empty one. */
  static List<List<String>> block(List<List<String>> lines, String title) {
    int from = lines.indexOf(List.of(title)) + 1;
    int to = from;
    while (to < lines.size() && !lines.get(to).equals(List.of(""))) {
      to++;
    }
    return lines.subList(from, to);
  }

  @Override
  public void close() {
    storage.close().toCompletionStage().toCompletableFuture().join();
    node.close();
  }
}
