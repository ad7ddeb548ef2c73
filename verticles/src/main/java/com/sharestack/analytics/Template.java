package com.sharestack.analytics;

import java.util.Map;

/** Texts of notifications; {@code {name}} is replaced by a value. Stored rendered. */
enum Template {
  NEW_SUBSCRIBER("您有新的订阅者", "{actor} 订阅了您的方案「{plan}」。"),
  NEW_SUBSCRIBERS("您有 {count} 位新订阅者", "{actor} 等 {count} 人订阅了您的方案。"),
  RENEWED("有订阅者续订", "{actor} 续订了您的方案「{plan}」。"),
  RENEWALS("您有 {count} 笔续订", "{actor} 等 {count} 人续订了您的方案。"),
  UNSUBSCRIBED("有订阅者取消订阅", "{actor} 取消了您的方案「{plan}」的订阅。"),
  UNSUBSCRIPTIONS("您有 {count} 位订阅者取消订阅", "{actor} 等 {count} 人取消了您的方案的订阅。"),
  STOPPED("订阅已取消", "您的订阅「{plan}」已取消，可以使用到 {time}（北京时间）。"),
  STOPPED_NOW("订阅已取消", "您的订阅「{plan}」已取消，即时生效。"),
  GIVEN_UP("订阅已结束", "您的订阅「{plan}」多次续费未成功，已经结束。"),
  RENEWAL_FAILED("续费未成功", "您的订阅「{plan}」续费未成功，请在 {time}（北京时间）前完成支付，以免中断。"),
  RENEWAL_AHEAD("订阅即将续费", "您的订阅「{plan}」将于 {time}（北京时间）自动续费 ¥{amount}。"),
  END_AHEAD("订阅即将到期", "您的订阅「{plan}」将于 {time}（北京时间）到期，如需继续使用请及时续费。"),
  WELCOME("感谢您的订阅", "您已订阅「{plan}」。"),
  SALE("您有新的购买", "{actor} 购买了您的「{item}」，支付 ¥{amount}。"),
  PAYMENT_DONE("支付成功", "您已支付 ¥{amount}：{item}。"),
  PAYMENT_LATE("支付款项将退回", "您支付的 ¥{amount}（{item}）晚于订单有效期或为重复支付，将原路退回。"),
  PAYMENT_FAILED("支付未成功", "您的支付 ¥{amount}（{item}）未成功，可以重新发起。"),
  PAYMENT_AMOUNT("支付金额不符", "您的支付（{item}，应付 ¥{amount}）金额不符，款项将原路退回。"),
  REFUND_DONE("退款成功", "¥{amount} 已原路退回：{item}。"),
  REFUND_REJECTED("退款申请未通过", "您对「{item}」的退款申请（¥{amount}）未通过审核。"),
  SALE_REFUNDED("一笔收入已退款", "「{item}」已退款 ¥{amount}，相应收入已扣减。"),
  PRIVATE_MESSAGE("您有一条新私信", "{actor} 给您发来一条私信。"),
  PRIVATE_MESSAGES("您有 {count} 条新私信", "{actor} 给您发来 {count} 条私信。"),
  NEW_CONTENT("{author} 发布了新内容", "「{title}」已发布，快来看看吧。"),
  REVIEW_APPROVED("内容审核通过", "您的内容「{title}」已通过审核。"),
  REVIEW_REJECTED("内容审核未通过", "您的内容「{title}」未通过审核，请查看原因并修改。"),
  REVIEW_SENT_BACK("内容被退回修改", "您的内容「{title}」已退回草稿，请修改后重新提交。"),
  REVIEW_TAKEN_DOWN("内容已被下架", "您的内容「{title}」已被平台下架。"),
  SCHEDULE_DONE("定时发布成功", "您的内容「{title}」已按计划发布。"),
  SCHEDULE_FAILED("定时发布未完成", "您的内容「{title}」未能按计划发布，请检查后重试。"),
  REPORT_READY("报表已生成", "您订购的「{report}」（{period}）已生成，请在 30 天内下载。"),
  REPORT_TOO_LARGE("报表生成失败", "您订购的「{report}」（{period}）超过 20 万行，请缩短统计期间后重新生成。"),
  REPORT_FAILED("报表生成失败", "您订购的「{report}」（{period}）未能生成，请稍后重试。"),
  LOGIN_ALERT("账号登录提醒", "您的账号于 {time}（北京时间）在{place}通过{device}登录（{reason}，IP {ip}）。如非本人操作，请立即修改密码。");

  private static final int TITLE_LENGTH = 100;
  private static final int CONTENT_LENGTH = 500;

  private final String title;
  private final String content;

  Template(String title, String content) {
    this.title = title;
    this.content = content;
  }

  String title(Map<String, ?> values) {
    return cut(fill(title, values), TITLE_LENGTH);
  }

  String content(Map<String, ?> values) {
    return cut(fill(content, values), CONTENT_LENGTH);
  }

  /** Somebody's own words in the place of the title, the template's where he wrote none. */
  String titleOr(String own, Map<String, ?> values) {
    return own.isBlank() ? title(values) : cut(own, TITLE_LENGTH);
  }

  /** As {@link #titleOr}; what is longer than a notification holds ends in an ellipsis. */
  String contentOr(String own, Map<String, ?> values) {
    return own.isBlank() ? content(values) : cut(own, CONTENT_LENGTH);
  }

  /** One pass over the template, so that a value that looks like a placeholder stays text. */
  private static String fill(String template, Map<String, ?> values) {
    StringBuilder text = new StringBuilder(template.length() + 32);
    int from = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
      int close = template.indexOf('}', open);
      String name = template.substring(open + 1, close);
      if (!values.containsKey(name)) {
        throw new IllegalArgumentException("no value for {" + name + "}");
      }
      text.append(template, from, open).append(values.get(name));
      from = close + 1;
    }
    return text.append(template, from, template.length()).toString();
  }

  /** At most {@code most} code points; what is cut ends in an ellipsis. */
  private static String cut(String text, int most) {
    if (text.codePointCount(0, text.length()) <= most) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}
