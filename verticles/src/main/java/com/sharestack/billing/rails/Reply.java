package com.sharestack.billing.rails;

import java.util.function.Function;

/**
 * How a call ended. {@link Unknown} is the reason this type exists: a call without a readable,
 * authentic answer may have had its effect. It is neither failure nor success, is never sent again
 * by this package, and only a query resolves it.
 */
public sealed interface Reply<T> {

  /** The rail did it, and its signature says so. */
  record Answered<T>(T value) implements Reply<T> {}

  /**
   * The rail said no; the call had no effect.
   *
   * @param code the rail's own literal
   * @param signed WeChat sends some errors unsigned: those rest on TLS alone, so no irreversible
   *     step may follow from them
   */
  record Refused<T>(Refusal reason, String code, String message, boolean signed)
      implements Reply<T> {}

  /** Sent, but not answered in time, readably and authentically. */
  record Unknown<T>(String cause) implements Reply<T> {}

  /** Never left this process: no connection, or the breaker is open. Nothing happened. */
  record NotSent<T>(String cause) implements Reply<T> {}

  default <U> Reply<U> map(Function<T, U> change) {
    return switch (this) {
      case Answered<T> it -> new Answered<>(change.apply(it.value));
      case Refused<T> it -> new Refused<>(it.reason, it.code, it.message, it.signed);
      case Unknown<T> it -> new Unknown<>(it.cause);
      case NotSent<T> it -> new NotSent<>(it.cause);
    };
  }
}
