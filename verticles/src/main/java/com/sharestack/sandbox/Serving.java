package com.sharestack.sandbox;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs a rail's operation and lets planted faults happen to it. */
final class Serving {

  /** How a rail writes refusals and spoils its signatures. */
  interface Voice {
    TwinAnswer refusal(TwinError error);

    TwinAnswer planted(Fault fault);

    TwinAnswer spoilt(TwinAnswer answer, Fault.Kind kind);
  }

  private final Vertx vertx;
  private final Faults faults;

  Serving(Vertx vertx, Faults faults) {
    this.vertx = vertx;
    this.faults = faults;
  }

  /**
   * @param work checks the signature, changes the state, signs the answer
   */
  void serve(
      RoutingContext call,
      TwinRail rail,
      String operation,
      Voice voice,
      Supplier<TwinAnswer> work) {
    Optional<Fault> fault = faults.take(rail, operation);
    if (fault.isPresent() && !fault.get().effective()) {
      if (fault.get().kind() == Fault.Kind.DOWN) {
        call.request().connection().close();
      } else {
        send(call, voice.planted(fault.get()));
      }
      return;
    }
    TwinAnswer answer = answer(rail, operation, voice, work);
    if (fault.isEmpty()) {
      send(call, answer);
      return;
    }
    switch (fault.get().kind()) {
      case LOST_ANSWER -> call.request().connection().close();
      case SLOW ->
          vertx.setTimer(Math.max(1, fault.get().delayMillis()), late -> send(call, answer));
      case GARBAGE -> send(call, TwinAnswer.garbage());
      default -> send(call, voice.spoilt(answer, fault.get().kind()));
    }
  }

  private TwinAnswer answer(
      TwinRail rail, String operation, Voice voice, Supplier<TwinAnswer> work) {
    try {
      faults.count(rail, operation);
      return work.get();
    } catch (TwinError refused) {
      return voice.refusal(refused);
    } catch (ClassCastException | IllegalArgumentException | java.time.DateTimeException e) {
      return voice.refusal(new TwinError(TwinError.Kind.PARAMETER, e.getMessage()));
    }
  }

  static void send(RoutingContext call, TwinAnswer answer) {
    if (call.response().closed() || call.response().ended()) {
      return;
    }
    call.response().setStatusCode(answer.status());
    answer.headers().forEach(call.response()::putHeader);
    call.response().end(answer.body());
  }
}
