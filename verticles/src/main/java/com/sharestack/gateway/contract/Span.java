package com.sharestack.gateway.contract;

/** An inclusive range of counts: code points, items, fields. */
record Span(int min, int max) {
  static final Span ANY = new Span(0, Integer.MAX_VALUE);

  boolean admits(int count) {
    return count >= min && count <= max;
  }
}
