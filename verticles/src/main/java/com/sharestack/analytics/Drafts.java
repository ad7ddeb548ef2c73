package com.sharestack.analytics;

import com.sharestack.contract.ContentStatusChangedEvent;
import com.sharestack.contract.FinanceReportFailure;
import com.sharestack.contract.FinanceReportFinishedEvent;
import com.sharestack.contract.FinanceReportType;
import com.sharestack.contract.NotificationActor;
import com.sharestack.contract.NotificationMetadata;
import com.sharestack.contract.SubscriptionActivatedEvent;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserLoginSuspiciousEvent;
import com.sharestack.contract.Welcome;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What notifications say, as pure functions of events. */
final class Drafts {

  /** The zone of the platform's readers. */
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZONE);
  private static final Map<String, String> REASONS =
      Map.of("unknown_device", "新设备", "unknown_city", "异地");

  private Drafts() {}

  static Draft newContent(long eventId, ContentStatusChangedEvent published, UserCard author) {
    Map<String, ?> values = Map.of("author", author.displayName(), "title", published.title());
    return Draft.of(
        NotificationKind.NEW_CONTENT,
        eventId,
        Template.NEW_CONTENT,
        values,
        "/articles/" + published.articleId(),
        metadata(NotificationKind.NEW_CONTENT)
            .actors(List.of(actor(author)))
            .articleId(published.articleId())
            .userId(published.authorId())
            .build(),
        published.at());
  }

  static Draft reviewResult(long eventId, ContentStatusChangedEvent change, ReviewOutcome outcome) {
    Map<String, ?> values = Map.of("title", change.title());
    return Draft.of(
        NotificationKind.CONTENT_REVIEW_RESULT,
        eventId,
        outcome.template(),
        values,
        "/articles/" + change.articleId(),
        metadata(NotificationKind.CONTENT_REVIEW_RESULT).articleId(change.articleId()).build(),
        change.at());
  }

  static Draft securityAlert(long eventId, UserLoginSuspiciousEvent login) {
    Map<String, ?> values =
        Map.of(
            "time", minute(login.at()),
            "place", login.location() == null ? "未知地点" : " " + login.location() + " ",
            "device", login.deviceName() == null ? "未知设备" : " " + login.deviceName() + " ",
            "reason",
                login.reasons().stream()
                    .map(reason -> REASONS.getOrDefault(reason, reason))
                    .collect(Collectors.joining("、")),
            "ip", login.ipMasked());
    return Draft.of(
        NotificationKind.SECURITY_ALERT,
        eventId,
        Template.LOGIN_ALERT,
        values,
        "/settings/security",
        metadata(NotificationKind.SECURITY_ALERT).build(),
        login.at());
  }

  /** The creator's own words, to who subscribed to him for the first time. */
  static Draft welcome(
      long eventId, SubscriptionActivatedEvent activated, Welcome welcome, UserCard creator) {
    Map<String, ?> values = Map.of("plan", activated.planName());
    return new Draft(
        NotificationKind.SUBSCRIPTION_WELCOME,
        eventId,
        Template.WELCOME.titleOr(welcome.title(), values),
        Template.WELCOME.contentOr(welcome.message(), values),
        "/subscriptions/" + activated.subscriptionId(),
        metadata(NotificationKind.SUBSCRIPTION_WELCOME)
            .actors(List.of(actor(creator)))
            .userId(activated.creatorId())
            .build(),
        activated.at());
  }

  /** A report file of a creator is ready, or will not be. */
  static Draft reportFinished(long eventId, FinanceReportFinishedEvent report) {
    Map<String, ?> values =
        Map.of(
            "report",
            reportName(report.reportType()),
            "period",
            report.periodStart() + " 至 " + report.periodEnd());
    Template template = reportTemplate(report);
    return Draft.of(
        NotificationKind.DATA_JOB,
        eventId,
        template,
        values,
        "/finance/reports/" + report.reportId(),
        metadata(NotificationKind.DATA_JOB).build(),
        report.at());
  }

  private static Template reportTemplate(FinanceReportFinishedEvent report) {
    if (report.ready()) {
      return Template.REPORT_READY;
    }
    return report.failureReason() == FinanceReportFailure.TOO_LARGE
        ? Template.REPORT_TOO_LARGE
        : Template.REPORT_FAILED;
  }

  private static String reportName(FinanceReportType type) {
    return switch (type) {
      case REVENUE -> "收入报表";
      case EXPENSE -> "支出报表";
      case PROFIT_LOSS -> "损益报表";
      case CASH_FLOW -> "现金流报表";
      case CREATOR_REVENUE -> "收益明细";
      case SUBSCRIBERS -> "订阅者名单";
    };
  }

  /** To the minute, in the zone of the platform's readers. */
  static String minute(Instant time) {
    return MINUTE.format(time);
  }

  static NotificationMetadata.Builder metadata(NotificationKind kind) {
    return NotificationMetadata.builder()
        .event(kind.event())
        .priority(kind.priority())
        .count(1)
        .actors(List.of());
  }

  static NotificationActor actor(UserCard card) {
    return new NotificationActor(card.userId(), card.username(), card.avatar());
  }

  /** The first moment of the calendar day of {@code now}. */
  static Instant startOfDay(Instant now) {
    return now.atZone(ZONE).toLocalDate().atStartOfDay(ZONE).toInstant();
  }
}
