package com.sharestack.billing.rails;

/** A bill that cannot be relied on: another form, or totals that its lines do not give. */
public final class BillException extends Exception {
  private static final long serialVersionUID = 1;

  BillException(String message) {
    super(message);
  }

  BillException(String message, Throwable cause) {
    super(message, cause);
  }
}
