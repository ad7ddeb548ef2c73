package com.sharestack.gateway.contract;

import java.util.List;

/** The generic Chinese reasons; a schema's {@code x-message} replaces them. */
final class Reasons {
  static final String EMPTY = "不能为空";
  static final String NOT_TEXT = "必须是文本";
  static final String NOT_INTEGER = "必须是整数";
  static final String NOT_NUMBER = "必须是数字";
  static final String NOT_MONEY = "必须是金额，最多两位小数";
  static final String NOT_BOOLEAN = "必须是 true 或 false";
  static final String NOT_LIST = "必须是列表";
  static final String NOT_OBJECT = "必须是对象";
  static final String NOT_DATE_TIME = "必须是带时区的日期时间，如 2024-01-31T08:00:00Z";
  static final String NOT_DATE = "必须是日期，如 2024-01-31";
  static final String NOT_EMAIL = "必须是有效的邮箱地址";
  static final String NOT_URL = "必须是 http 或 https 网址";
  static final String NOT_URL_OR_PATH = "必须是 http 或 https 网址，或以 / 开头的站内路径";
  static final String BAD_FORMAT = "格式不正确";
  static final String NUL = "不能含有空字符（U+0000）";
  static final String TOO_MANY_MARKS = "含有过多的组合字符";
  static final String REPEATED_ITEMS = "不能有重复的项";
  static final String REPEATED_PARAMETER = "只能出现一次";
  static final String TOO_DEEP = "嵌套过深";
  static final String CARD_NUMBER = "请勿填写银行卡号；付款只在支付渠道的页面上进行";

  /** An enum in a message names at most this many values. */
  private static final int NAMED_VALUES = 30;

  private Reasons() {}

  static String length(int min, int max) {
    if (min == max) {
      return "长度须为 " + min + " 个字符";
    }
    if (min > 0 && max < Integer.MAX_VALUE) {
      return "长度须在 " + min + " 到 " + max + " 个字符之间";
    }
    return min > 0 ? "长度不能少于 " + min + " 个字符" : "长度不能超过 " + max + " 个字符";
  }

  static String items(int min, int max) {
    return count(min, max, "项");
  }

  static String fields(int min, int max) {
    return count(min, max, "个字段");
  }

  private static String count(int min, int max, String unit) {
    if (min == max) {
      return "须恰好有 " + min + " " + unit;
    }
    if (min > 0 && max < Integer.MAX_VALUE) {
      return "须有 " + min + " 到 " + max + " " + unit;
    }
    return min > 0 ? "至少需要 " + min + " " + unit : "最多允许 " + max + " " + unit;
  }

  /** Bounds are texts; null where there is none. An exclusive bound is said as 大于 or 小于. */
  static String range(String min, boolean minExclusive, String max, boolean maxExclusive) {
    if (min != null && max != null && !minExclusive && !maxExclusive) {
      return "须在 " + min + " 到 " + max + " 之间";
    }
    String lower = min == null ? "" : (minExclusive ? "须大于 " : "不能小于 ") + min;
    String upper = max == null ? "" : (maxExclusive ? "须小于 " : "不能大于 ") + max;
    return lower.isEmpty() || upper.isEmpty() ? lower + upper : lower + "，且" + upper;
  }

  static String multipleOf(String step) {
    return "必须是 " + step + " 的倍数";
  }

  static String choices(List<?> values) {
    if (values.size() == 1) {
      return "必须是 " + values.getFirst();
    }
    StringBuilder text = new StringBuilder("须为以下取值之一：");
    for (int i = 0; i < Math.min(values.size(), NAMED_VALUES); i++) {
      text.append(i == 0 ? "" : "、").append(values.get(i));
    }
    return text.append(values.size() > NAMED_VALUES ? " 等" : "").toString();
  }

  static String tooLarge(int maxBytes) {
    return "内容过大，最多 " + maxBytes + " 字节";
  }
}
