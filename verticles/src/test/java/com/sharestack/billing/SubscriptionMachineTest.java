package com.sharestack.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.SubscriptionStatus;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SubscriptionMachineTest {

  /** Every transition of the contract, one a line: from event to ended_reason. */
  private static final Map<String, String> ALLOWED =
      """
      pending_payment PAID_WITH_TRIAL trialing -
      pending_payment PAID active -
      pending_payment GRANTED active -
      pending_payment PAYMENT_ABANDONED expired unpaid
      trialing TRIAL_ENDED active -
      trialing CANCELLED cancelled -
      trialing REFUNDED expired refunded
      active CANCELLED cancelled -
      active RENEWAL_PAID active -
      active RENEWAL_MISSED past_due -
      active PERIOD_ENDED expired natural
      active REFUNDED expired refunded
      past_due RENEWAL_PAID active -
      past_due CANCELLED cancelled -
      past_due REFUNDED expired refunded
      past_due GRACE_ENDED cancelled payment_failed
      cancelled RESUMED active -
      cancelled RENEWAL_PAID active -
      cancelled REFUNDED expired refunded
      cancelled ACCESS_ENDED expired natural
      expired REFUND_TAKEN_BACK active -
      """
          .lines()
          .map(line -> line.split(" "))
          .collect(Collectors.toMap(w -> w[0] + " " + w[1], w -> w[2] + " " + w[3]));

  static Stream<Arguments> everyStateAndEvent() {
    return Arrays.stream(SubscriptionStatus.values())
        .flatMap(
            state ->
                Arrays.stream(SubscriptionEvent.values()).map(event -> Arguments.of(state, event)));
  }

  @ParameterizedTest
  @MethodSource("everyStateAndEvent")
  void everyPairOfStateAndEventLeadsWhereTheContractSays(
      SubscriptionStatus state, SubscriptionEvent event) {
    String found =
        SubscriptionMachine.next(state, event)
            .map(
                next ->
                    next.to().literal()
                        + " "
                        + (next.reason() == null ? "-" : next.reason().literal()))
            .orElse("refused");

    assertEquals(ALLOWED.getOrDefault(state.literal() + " " + event, "refused"), found);
  }

  @Test
  void onlyAnOrderAndAGrantBringASubscriptionIntoTheWorld() {
    Map<SubscriptionEvent, SubscriptionStatus> births =
        Arrays.stream(SubscriptionEvent.values())
            .filter(event -> SubscriptionMachine.birth(event).isPresent())
            .collect(
                Collectors.toMap(
                    Function.identity(), event -> SubscriptionMachine.birth(event).get()));

    assertEquals(
        Map.of(
            SubscriptionEvent.ORDERED, SubscriptionStatus.PENDING_PAYMENT,
            SubscriptionEvent.GRANTED, SubscriptionStatus.ACTIVE),
        births);
  }
}
