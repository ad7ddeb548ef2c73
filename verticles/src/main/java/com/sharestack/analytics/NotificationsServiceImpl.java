package com.sharestack.analytics;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.MessageUnread;
import com.sharestack.contract.MessagesService;
import com.sharestack.contract.MessagesUnreadRequest;
import com.sharestack.contract.Notification;
import com.sharestack.contract.NotificationDeleted;
import com.sharestack.contract.NotificationPage;
import com.sharestack.contract.NotificationPulse;
import com.sharestack.contract.NotificationPulses;
import com.sharestack.contract.NotificationRead;
import com.sharestack.contract.NotificationType;
import com.sharestack.contract.NotificationsDeleteRequest;
import com.sharestack.contract.NotificationsListRequest;
import com.sharestack.contract.NotificationsPulseRequest;
import com.sharestack.contract.NotificationsReadAllRequest;
import com.sharestack.contract.NotificationsReadRequest;
import com.sharestack.contract.NotificationsService;
import com.sharestack.contract.NotificationsUnreadRequest;
import com.sharestack.contract.Pagination;
import com.sharestack.contract.ReadAllResult;
import com.sharestack.contract.UnreadByType;
import com.sharestack.contract.UnreadCount;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Operations {@code notifications.*}: what a user was told. */
final class NotificationsServiceImpl implements NotificationsService {

  private static final Logger LOG = LoggerFactory.getLogger(NotificationsServiceImpl.class);
  private static final int PORTION = 1_000;

  /** More unread ones than retention leaves anybody. */
  private static final int MOST_PORTIONS = 100;

  private final Sql sql;
  private final Clock clock;
  private final NotificationRepository notifications;
  private final UnreadCounters counters;
  private final MessagesService messages;

  NotificationsServiceImpl(
      Sql sql,
      Clock clock,
      NotificationRepository notifications,
      UnreadCounters counters,
      MessagesService messages) {
    this.sql = sql;
    this.clock = clock;
    this.notifications = notifications;
    this.counters = counters;
    this.messages = messages;
  }

  /** Read from the database, so that a new notification is never behind a cache. */
  @Override
  public Future<NotificationPage> list(Caller caller, NotificationsListRequest request) {
    long offset = (request.page() - 1L) * request.limit();
    if (offset + request.limit() > NotificationRepository.MOST_COUNTED) {
      throw Errors.invalid("page", "最多可查看最近 " + NotificationRepository.MOST_COUNTED + " 条通知");
    }
    NotificationRepository.Filter filter =
        new NotificationRepository.Filter(caller.userId(), read(request.status()), request.type());
    long total = notifications.count(sql, filter);
    List<Notification> page =
        offset >= total ? List.of() : notifications.page(sql, filter, request.limit(), offset);
    return Future.succeededFuture(
        new NotificationPage(
            page,
            notifications.summary(sql, caller.userId(), Drafts.startOfDay(clock.instant())),
            new Pagination(
                request.page(),
                request.limit(),
                total,
                (total + request.limit() - 1) / request.limit()),
            false));
  }

  /** Null = both. */
  private static Boolean read(String status) {
    return switch (status) {
      case "unread" -> false;
      case "read" -> true;
      default -> null;
    };
  }

  @Override
  public Future<NotificationRead> read(Caller caller, NotificationsReadRequest request) {
    long id = request.notificationId();
    if (notifications.markRead(sql, caller.userId(), id, clock.instant())) {
      counters.changed(List.of(caller.userId()));
    }
    Instant readAt =
        notifications
            .readAt(sql, caller.userId(), id)
            .orElseThrow(NotificationsServiceImpl::notFound);
    return Future.succeededFuture(new NotificationRead(id, true, readAt));
  }

  /** In portions, each of them committed: what was marked stays so when a later one fails. */
  @Override
  public Future<ReadAllResult> readAll(Caller caller, NotificationsReadAllRequest request) {
    NotificationType type = request.body() == null ? null : request.body().type();
    Instant now = clock.instant();
    long marked = 0;
    try {
      for (int portion = 0; portion < MOST_PORTIONS; portion++) {
        int more = notifications.markAllRead(sql, caller.userId(), type, now, PORTION);
        marked += more;
        if (more < PORTION) {
          break;
        }
      }
    } finally {
      counters.changed(List.of(caller.userId()));
    }
    return Future.succeededFuture(new ReadAllResult(marked, now));
  }

  @Override
  public Future<NotificationDeleted> delete(Caller caller, NotificationsDeleteRequest request) {
    long id = request.notificationId();
    if (!notifications.delete(sql, caller.userId(), id, clock.instant())) {
      throw notFound();
    }
    counters.changed(List.of(caller.userId()));
    return Future.succeededFuture(new NotificationDeleted(id, "通知已删除"));
  }

  private static RuntimeException notFound() {
    return Errors.of(ErrorCode.DATA_NOT_FOUND, "resource", "notification");
  }

  @Override
  public Future<UnreadCount> unread(Caller caller, NotificationsUnreadRequest request) {
    UnreadCounters.Answer answer = counters.of(caller.userId());
    UnreadByType counts = answer.counts();
    return unreadMessages(caller)
        .map(
            unreadMessages ->
                new UnreadCount(
                    counts.system() + counts.content() + counts.social() + counts.payment(),
                    counts,
                    unreadMessages,
                    answer.cached()));
  }

  /** A badge without the messages is better than none. */
  private Future<Long> unreadMessages(Caller caller) {
    return messages
        .unread(caller, new MessagesUnreadRequest())
        .map(MessageUnread::unreadTotal)
        .recover(
            away -> {
              LOG.warn("unread messages shown as none: {}", away.getMessage());
              return Future.succeededFuture(0L);
            });
  }

  @Override
  public Future<NotificationPulses> pulse(Caller caller, NotificationsPulseRequest request) {
    return Future.succeededFuture(
        new NotificationPulses(
            notifications.newest(sql, request.body().ids()).entrySet().stream()
                .map(
                    newest ->
                        new NotificationPulse(
                            newest.getKey(),
                            newest.getValue().orElse(null),
                            counters.of(newest.getKey()).counts()))
                .toList()));
  }
}
