package com.sharestack.gateway;

import com.sharestack.contract.AuthCheckStepUpRequest;
import com.sharestack.contract.AuthService;
import com.sharestack.contract.StepUpCheck;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * {@code x-step-up}: before such an operation the users domain is asked whether the caller has
 * proved again who he is, by header or, where the body has one, by password. Asked every time and
 * never remembered: these operations are few, and a token may die any moment.
 */
final class StepUp {

  static final String HEADER = "X-Security-Token";
  private static final String PASSWORD = "password";

  private final AuthService auth;

  StepUp(AuthService auth) {
    this.auth = auth;
  }

  /**
   * Takes a password out of the request, so that no service sees it and repeats of an idempotent
   * request are the same whichever proof they carry. Comes before the claim of an Idempotency-Key:
   * the answer of an earlier request is shown only to who may make it.
   *
   * @return fails as auth.check_step_up does
   */
  Future<Void> require(Exchange exchange) {
    if (!exchange.operation.stepUp()) {
      return Future.succeededFuture();
    }
    StepUpCheck check = new StepUpCheck(exchange.http.getHeader(HEADER), password(exchange));
    return auth.checkStepUp(Calls.caller(exchange), new AuthCheckStepUpRequest(check))
        .<Void>mapEmpty()
        .recover(failure -> Future.failedFuture(Calls.tellable(failure)));
  }

  private static String password(Exchange exchange) {
    return exchange.request.getValue("body") instanceof JsonObject body
        ? (String) body.remove(PASSWORD)
        : null;
  }
}
