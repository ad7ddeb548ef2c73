package com.sharestack.billing;

import com.sharestack.contract.Activation;
import com.sharestack.contract.Caller;
import com.sharestack.contract.SubscriptionWelcomesDueRequest;
import com.sharestack.contract.SubscriptionWelcomesService;
import com.sharestack.contract.Welcome;
import com.sharestack.contract.Welcomes;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Operations {@code subscription_welcomes.*} */
final class SubscriptionWelcomesServiceImpl implements SubscriptionWelcomesService {

  private static final int MOST = 100;

  private final Sql sql;
  private final WelcomeRepository welcomes = new WelcomeRepository();

  SubscriptionWelcomesServiceImpl(Sql sql) {
    this.sql = sql;
  }

  /** A subscription that goes on after a pause was greeted when it began. */
  @Override
  public Future<Welcomes> due(Caller caller, SubscriptionWelcomesDueRequest request) {
    Map<String, Instant> begun =
        request.body().activations().stream()
            .collect(
                Collectors.toMap(
                    Activation::subscriptionId, Activation::activatedAt, (one, other) -> one));
    if (begun.size() > MOST) {
      throw Errors.invalid("activations", "最多 " + MOST + " 个");
    }
    List<Welcome> due =
        begun.isEmpty()
            ? List.of()
            : welcomes.firstOnes(sql, List.copyOf(begun.keySet())).stream()
                .filter(
                    found ->
                        sameSecond(
                            found.activatedAt(), begun.get(found.welcome().subscriptionId())))
                .map(WelcomeRepository.Due::welcome)
                .toList();
    return Future.succeededFuture(new Welcomes(due));
  }

  /** Events carry whole seconds. */
  private static boolean sameSecond(Instant stored, Instant told) {
    return stored.truncatedTo(ChronoUnit.SECONDS).equals(told.truncatedTo(ChronoUnit.SECONDS));
  }
}
