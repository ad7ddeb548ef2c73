package com.sharestack.billing.reports;

/**
 * What a sale, or the sale behind a refund, was about.
 *
 * @param source 订阅, 单篇购买, 打赏 or 其他
 * @param plan name at the time of the sale; empty for none
 */
record Origin(String source, String plan) {

  static final Origin NONE = new Origin("", "");

  /**
   * @param income literal of an earning line
   * @param plan null for none
   */
  static Origin of(String income, String plan) {
    String source =
        switch (income) {
          case "subscription" -> "订阅";
          case "one_time" -> "单篇购买";
          case "tip" -> "打赏";
          default -> "其他";
        };
    return new Origin(source, plan == null ? "" : plan);
  }

  /** Where no line tells. */
  static Origin unknown() {
    return of("", null);
  }
}
