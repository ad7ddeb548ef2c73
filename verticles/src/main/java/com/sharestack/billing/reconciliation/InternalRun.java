package com.sharestack.billing.reconciliation;

import com.sharestack.billing.ledger.TrialBalance;
import com.sharestack.billing.ledger.TrialBalanceRepository;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.pricing.RevenueRates;
import com.sharestack.billing.pricing.Shares;
import com.sharestack.billing.reconciliation.InternalRepository.Sold;
import com.sharestack.billing.reconciliation.ReconciliationRepository.Run;
import com.sharestack.billing.reconciliation.Walk.Result;
import com.sharestack.platform.jobs.Job;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The books against themselves (reconciliation.internal_job): payments of the day against their
 * journals, shares against the rule that made them, refunds against what the payment says of them,
 * stored balances against their lines.
 */
final class InternalRun {

  private static final List<String> METHODS = List.of("wechat", "alipay", "unionpay");

  private final PaymentParts parts;
  private final Walk walk;
  private final InternalRepository rows = new InternalRepository();
  private final TrialBalanceRepository balances = new TrialBalanceRepository();

  InternalRun(PaymentParts parts, Walk walk) {
    this.parts = parts;
    this.walk = walk;
  }

  void step(Job job, Run run) {
    switch (job.payload().getString("phase", METHODS.getFirst())) {
      case "journals" -> journals(job, run);
      case "balances" -> balances(job, run);
      default -> payments(job, run);
    }
  }

  private void payments(Job job, Run run) {
    String method = job.payload().getString("phase", METHODS.getFirst());
    List<Sold> page =
        rows.soldOn(parts.db(), method, run.day(), Walk.place(job.payload()), Walk.PAGE);
    List<Result> results = new ArrayList<>();
    for (Sold sold : page) {
      check(sold).forEach(found -> results.add(new Result(found, false)));
    }
    JsonObject left = job.payload().copy();
    for (String check : List.of("payment_consistency", "amount_accuracy", "rule_correctness")) {
      Walk.checked(left, check, page.size());
    }
    if (page.size() == Walk.PAGE) {
      walk.next(job, run, results, Walk.at(left, page.getLast().place()));
      return;
    }
    int next = METHODS.indexOf(method) + 1;
    walk.next(
        job,
        run,
        results,
        Walk.phase(left, next == METHODS.size() ? "journals" : METHODS.get(next)));
  }

  /** What is wrong with one payment. */
  private static List<Found> check(Sold sold) {
    List<Found> found = new ArrayList<>();
    if (sold.journals() != 1) {
      found.add(
          Found.ledger(
              "journal:" + sold.publicId(),
              sold.publicId(),
              1L,
              sold.journals(),
              "journals of the receipt"));
    }
    if (sold.platformFeeRate() != null) {
      Shares again =
          Shares.of(
              sold.paidFen(),
              sold.discountFen(),
              new RevenueRates(sold.platformFeeRate(), sold.creatorShareRate()));
      if (again.creatorShareFen() != sold.shareFen()
          || again.platformFeeFen() != sold.platformFeeFen()) {
        found.add(
            Found.ledger(
                "shares:" + sold.publicId(),
                sold.publicId(),
                again.creatorShareFen(),
                sold.shareFen(),
                "the shares are not those of the rule"));
      }
    }
    if (sold.refundsDoneFen() != sold.refundedFen()
        || sold.refundsClaimedFen() != sold.reservedFen()) {
      found.add(
          Found.ledger(
              "refunds:" + sold.publicId(),
              sold.publicId(),
              sold.refundsDoneFen(),
              sold.refundedFen(),
              "refunds and refunded_amount differ"));
    }
    return found;
  }

  /** The reverse: journals of the day whose payment did not receive money. */
  private void journals(Job job, Run run) {
    List<InternalRepository.Orphan> orphans = rows.orphansOn(parts.db(), run.day());
    walk.next(
        job,
        run,
        orphans.stream()
            .map(
                orphan ->
                    new Result(
                        Found.ledger(
                            "orphan:" + orphan.ref(),
                            orphan.ref().startsWith("pay_") && orphan.ref().length() <= 16
                                ? orphan.ref()
                                : null,
                            0L,
                            orphan.fen(),
                            "a journal without its payment"),
                        false))
            .toList(),
        Walk.phase(job.payload(), "balances"));
  }

  private void balances(Job job, Run run) {
    List<TrialBalance.Difference> found = balances.differences(parts.db());
    walk.end(
        job,
        run,
        null,
        found.stream()
            .map(
                one ->
                    new Result(
                        Found.ledger(
                            "account:%s:%s".formatted(one.account().literal(), one.ownerId()),
                            null,
                            one.computedFen(),
                            one.storedFen(),
                            "the balance is not the sum of its lines"),
                        false))
            .toList(),
        Walk.checked(job.payload().copy(), "summary_accuracy", 1));
  }
}
