package com.sharestack.billing.payments;

import com.sharestack.contract.PaymentOrderType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kinds of order there are, by the prefix of their ids. Filled at the start. */
public final class OrderKinds {

  private final List<OrderKind> kinds = new ArrayList<>(List.of(new UnmatchedOrders()));

  public OrderKinds add(OrderKind kind) {
    kinds.add(kind);
    return this;
  }

  /** Empty for an id that no order of ours has. */
  public Optional<OrderKind> find(String orderId) {
    return kinds.stream().filter(kind -> orderId.startsWith(kind.prefix())).findFirst();
  }

  OrderKind of(PaymentRow payment) {
    return find(payment.order().id())
        .orElseThrow(() -> new IllegalStateException("order " + payment.order().id()));
  }

  /** Whether the id's prefix fits the type that payments.create names beside it. */
  static boolean fits(PaymentOrderType type, String orderId) {
    return orderId.startsWith("sub_") == (type == PaymentOrderType.SUBSCRIPTION);
  }
}
