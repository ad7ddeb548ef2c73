package com.sharestack.billing.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.billing.payments.PaymentMachine.Effect;
import com.sharestack.billing.payments.PaymentMachine.Transition;
import com.sharestack.contract.PaymentStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PaymentMachineTest {

  /** The contract's section payment_state_machine, one line per transition. */
  private static final Map<String, String> CONTRACT = new TreeMap<>();

  static {
    CONTRACT.put("none OPENED", "pending");
    CONTRACT.put("none DUPLICATE_RECEIVED", "completed late REFUND_LATE");
    CONTRACT.put("pending PAYER_STARTED", "processing");
    CONTRACT.put("pending PAID", "completed FULFIL");
    CONTRACT.put("processing PAID", "completed FULFIL");
    // refund_rules.automatic.system: sold out after paying
    CONTRACT.put("pending PAID_FOR_NOTHING", "completed late REFUND_LATE");
    CONTRACT.put("processing PAID_FOR_NOTHING", "completed late REFUND_LATE");
    CONTRACT.put("pending REFUSED", "failed");
    CONTRACT.put("processing REFUSED", "failed");
    CONTRACT.put("pending CLOSED", "cancelled");
    CONTRACT.put("pending EXPIRED", "expired");
    CONTRACT.put("processing EXPIRED", "expired");
    CONTRACT.put("completed REFUNDED_IN_PART", "partial_refunded");
    CONTRACT.put("partial_refunded REFUNDED_IN_PART", "partial_refunded");
    CONTRACT.put("partial_refunded REFUNDED_IN_FULL", "refunded");
    CONTRACT.put("completed REFUNDED_IN_FULL", "refunded");
    CONTRACT.put("expired PAID", "completed late REFUND_LATE");
    CONTRACT.put("cancelled PAID", "completed late REFUND_LATE");
    CONTRACT.put("failed PAID", "completed late REFUND_LATE");
    CONTRACT.put("pending PAID_ANOTHER_AMOUNT", "failed REFUND_MISMATCH");
    CONTRACT.put("processing PAID_ANOTHER_AMOUNT", "failed REFUND_MISMATCH");
  }

  @Test
  void everyPairOfStateAndEventDoesWhatTheContractSaysAndNothingElse() {
    Map<String, String> machine = new TreeMap<>();
    for (PaymentEvent event : PaymentEvent.values()) {
      PaymentMachine.birth(event).ifPresent(born -> machine.put("none " + event, text(born)));
      for (PaymentStatus status : PaymentStatus.values()) {
        Optional<Transition> next = PaymentMachine.next(status, event);
        next.ifPresent(to -> machine.put(status.literal() + " " + event, text(to)));
      }
    }
    assertEquals(CONTRACT, machine);
  }

  private static String text(Transition to) {
    return to.to().literal()
        + (to.late() ? " late" : "")
        + (to.effect() == Effect.NONE ? "" : " " + to.effect());
  }

  @Test
  void anOrderIsFulfilledOnlyOutOfAnOpenPaymentAndOnlyOnce() {
    List<PaymentStatus> fulfilling = new ArrayList<>();
    for (PaymentStatus status : PaymentStatus.values()) {
      for (PaymentEvent event : PaymentEvent.values()) {
        if (PaymentMachine.next(status, event)
            .filter(t -> t.effect() == Effect.FULFIL)
            .isPresent()) {
          fulfilling.add(status);
        }
      }
    }
    assertEquals(List.of(PaymentStatus.PENDING, PaymentStatus.PROCESSING), fulfilling);
    for (PaymentStatus status : PaymentStatus.values()) {
      assertEquals(fulfilling.contains(status), PaymentMachine.isOpen(status), status::literal);
    }
  }

  @Test
  void aRefundedPaymentIsFinal() {
    for (PaymentEvent event : PaymentEvent.values()) {
      assertEquals(Optional.empty(), PaymentMachine.next(PaymentStatus.REFUNDED, event));
    }
  }

  @Test
  void theSourcesOfAnEventAreTheStatesItChanges() {
    assertEquals(
        EnumSet.of(
            PaymentStatus.PENDING,
            PaymentStatus.PROCESSING,
            PaymentStatus.FAILED,
            PaymentStatus.EXPIRED,
            PaymentStatus.CANCELLED),
        PaymentMachine.sources(PaymentEvent.PAID));
    assertEquals(EnumSet.of(PaymentStatus.PENDING), PaymentMachine.sources(PaymentEvent.CLOSED));
    assertEquals(EnumSet.noneOf(PaymentStatus.class), PaymentMachine.sources(PaymentEvent.OPENED));
  }
}
