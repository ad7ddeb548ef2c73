package com.sharestack.gateway.contract;

import java.util.List;
import java.util.Set;

/**
 * The values of an {@code enum} or {@code const}, in normal form, with the reason that lists them.
 */
record Choice(Set<Object> values, String reason) {
  static Choice of(List<?> values) {
    return new Choice(Set.copyOf(values), Reasons.choices(values));
  }

  boolean admits(Object value) {
    return values.contains(value);
  }
}
