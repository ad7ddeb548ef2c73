package com.sharestack.analytics;

import java.util.Map;

/** Texts of notifications; {@code {name}} is replaced by a value. Stored rendered. */
enum Template {
  NEW_SUBSCRIBER("您有新的订阅者", "{actor} 订阅了您的方案「{plan}」。"),
  NEW_SUBSCRIBERS("您有 {count} 位新订阅者", "{actor} 等 {count} 人订阅了您的方案。"),
  PRIVATE_MESSAGE("您有一条新私信", "{actor} 给您发来一条私信。"),
  PRIVATE_MESSAGES("您有 {count} 条新私信", "{actor} 给您发来 {count} 条私信。"),
  NEW_CONTENT("{author} 发布了新内容", "「{title}」已发布，快来看看吧。"),
  REVIEW_APPROVED("内容审核通过", "您的内容「{title}」已通过审核。"),
  REVIEW_REJECTED("内容审核未通过", "您的内容「{title}」未通过审核，请查看原因并修改。"),
  REVIEW_SENT_BACK("内容被退回修改", "您的内容「{title}」已退回草稿，请修改后重新提交。"),
  REVIEW_TAKEN_DOWN("内容已被下架", "您的内容「{title}」已被平台下架。"),
  SCHEDULE_DONE("定时发布成功", "您的内容「{title}」已按计划发布。"),
  SCHEDULE_FAILED("定时发布未完成", "您的内容「{title}」未能按计划发布，请检查后重试。"),
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
