package com.sharestack.gateway.live;

import com.sharestack.contract.Notification;
import com.sharestack.contract.NotificationPage;
import com.sharestack.contract.NotificationPulse;
import com.sharestack.contract.NotificationsListRequest;
import com.sharestack.contract.NotificationsService;
import com.sharestack.contract.NotificationsUnreadRequest;
import com.sharestack.contract.UnreadByType;
import com.sharestack.contract.UnreadCount;
import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.ids.Ids;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of server-sent events (contract entry notifications.stream). It compares the newest
 * page of the reader's list with what it has shown, so nothing is lost between two looks; what may
 * not fit into the page is told as {@code reset}.
 */
public final class NotificationStream {

  private static final Logger LOG = LoggerFactory.getLogger(NotificationStream.class);
  private static final int PAGE = 100;
  private static final long COMMENT_MILLIS = 15_000;
  private static final long SETTLING_MILLIS = 3_000;
  private static final long EXPIRING_MILLIS = 300_000;

  private final LiveLoop loop;
  private final Streams streams;
  private final NotificationsService notifications;
  private final HttpServerResponse response;
  private final Context context;
  private final Session session;
  private final Seats.Seat seat;

  /** What the client has of the newest page, by id; replaced by every look. */
  private Map<Long, String> shown = new HashMap<>();

  private Instant pulseAt;
  private UnreadByType pulseUnread;
  private UnreadCount unread;
  private boolean looked;
  private boolean looking;
  private boolean lookAgain;
  private boolean expiryTold;
  private boolean over;
  private long writtenMillis;
  private long fullSinceMillis = -1;

  NotificationStream(
      LiveLoop loop,
      Streams streams,
      NotificationsService notifications,
      HttpServerResponse response,
      Context context,
      Session session,
      Streams.Place place) {
    this.loop = loop;
    this.streams = streams;
    this.notifications = notifications;
    this.response = response;
    this.context = context;
    this.session = session;
    this.seat = place.seat();
    response.closeHandler(gone -> leave("client"));
    response.exceptionHandler(broken -> leave("client"));
  }

  /**
   * @param lastEventId the newest notification the client has; null for a fresh client
   */
  void start(Long lastEventId) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        // the compressor would hold events back
        .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY)
        .putHeader("X-Accel-Buffering", "no")
        .setChunked(true);
    write("retry: 3000\n: stream of notifications\n\n");
    streams.enter(this);
    looking = true;
    load()
        .onSuccess(
            page -> {
              if (lastEventId != null) {
                replay(page.notifications(), lastEventId);
              }
              note(page.notifications());
              looked = true;
            })
        .onComplete(this::lookedAt);
  }

  Seats.Seat seat() {
    return seat;
  }

  void run(Runnable action) {
    context.runOnContext(go -> action.run());
  }

  long userId() {
    return session.userId();
  }

  private Future<NotificationPage> load() {
    var caller = session.caller(Ids.random("sse_", 16));
    return notifications
        .list(caller, new NotificationsListRequest("all", null, 1, PAGE))
        .compose(
            page ->
                notifications
                    .unread(caller, new NotificationsUnreadRequest())
                    .map(
                        count -> {
                          tellUnread(count);
                          return page;
                        }));
  }

  private void lookedAt(io.vertx.core.AsyncResult<?> look) {
    looking = false;
    if (look.failed()) {
      LOG.warn("notifications not read, tried again: {}", look.cause().getMessage());
      pulseUnread = null; // the next pulse looks again
    } else if (lookAgain) {
      lookAgain = false;
      look();
    }
  }

  /** The notifications after the client's newest, oldest first, unless some may be missing. */
  private void replay(List<Notification> page, long lastEventId) {
    List<Notification> later =
        page.stream()
            .filter(each -> each.notificationId() > lastEventId)
            .sorted(Comparator.comparingLong(Notification::notificationId))
            .toList();
    if (page.size() == PAGE && !reachesBack(page.getLast(), lastEventId)) {
      event("reset", null, new JsonObject());
      streams.count("live_stream_resumes", "kind", "reset");
      return;
    }
    later.forEach(each -> event("notification", each.notificationId(), Wire.write(each)));
    streams.count("live_stream_resumes", "kind", "replay");
  }

  /**
   * Whether a page that ends with this row has all that is later than the id. A merged row stands
   * among the newest under an old id, so it says nothing about what lies behind it.
   */
  private static boolean reachesBack(Notification oldest, long lastEventId) {
    return oldest.notificationId() <= lastEventId && oldest.metadata().count() == 1;
  }

  private void note(List<Notification> page) {
    Map<Long, String> now = new HashMap<>();
    for (Notification each : page) {
      now.put(each.notificationId(), version(each));
    }
    shown = now;
  }

  /** Times are whole seconds here, so the number of merged actions belongs to it. */
  private static String version(Notification notification) {
    return notification.createdAt() + " " + notification.metadata().count();
  }

  /** Looks at the list when something changed since the last look. */
  void pulse(NotificationPulse pulse) {
    boolean same =
        looked
            && pulse.unread().equals(pulseUnread)
            && java.util.Objects.equals(pulse.newestAt(), pulseAt)
            && !settling(pulse.newestAt());
    if (over || same) {
      return;
    }
    pulseAt = pulse.newestAt();
    pulseUnread = pulse.unread();
    look();
  }

  /** More may have come within the same second. */
  private boolean settling(Instant newestAt) {
    return newestAt != null && loop.clock().millis() - newestAt.toEpochMilli() < SETTLING_MILLIS;
  }

  private void look() {
    if (looking || response.writeQueueFull()) {
      lookAgain = true;
      return;
    }
    looking = true;
    load().onSuccess(page -> show(page.notifications())).onComplete(this::lookedAt);
  }

  private void show(List<Notification> page) {
    if (over) {
      return;
    }
    List<Notification> news =
        page.stream()
            .filter(each -> !version(each).equals(shown.get(each.notificationId())))
            .sorted(Comparator.comparingLong(Notification::notificationId))
            .toList();
    if (looked && news.size() == PAGE) {
      event("reset", null, new JsonObject());
    } else if (looked) {
      news.forEach(this::show);
    }
    looked = true;
    note(page);
  }

  /** An update carries no event id: the client's Last-Event-ID must not go back to an old one. */
  private void show(Notification each) {
    boolean update = each.metadata().count() > 1;
    event(
        update ? "update" : "notification",
        update ? null : each.notificationId(),
        Wire.write(each));
  }

  private void tellUnread(UnreadCount count) {
    boolean same =
        unread != null
            && unread.unreadCount() == count.unreadCount()
            && unread.byType().equals(count.byType())
            && unread.unreadMessages() == count.unreadMessages();
    unread = count;
    if (!same && !over) {
      event(
          "unread",
          null,
          new JsonObject()
              .put("unread_count", count.unreadCount())
              .put("by_type", Wire.write(count.byType()))
              .put("unread_messages", count.unreadMessages()));
    }
  }

  private void event(String name, Long id, JsonObject data) {
    String head = (id == null ? "" : "id: " + id + "\n") + "event: " + name + "\n";
    write(head + "data: " + data.encode() + "\n\n");
  }

  private void write(String text) {
    if (!over) {
      writtenMillis = loop.clock().millis();
      response.write(text);
    }
  }

  /** Once a second: what time brings about. */
  void tick(long now) {
    long expires = session.expiresAt().toEpochMilli();
    boolean full = response.writeQueueFull();
    fullSinceMillis = !full ? -1 : fullSinceMillis < 0 ? now : fullSinceMillis;
    if (now >= expires) {
      end("expired");
    } else if (loop.sessions().revoked(session.sessionId())) {
      end("revoked");
    } else if (full && now - fullSinceMillis >= streams.limits().stallSeconds() * 1000L) {
      LOG.debug("a stream is not read, its connection is closed");
      leave("slow");
      response.reset();
    } else if (!expiryTold && now >= expires - EXPIRING_MILLIS) {
      expiryTold = true;
      event(
          "auth_expiring",
          null,
          new JsonObject().put("expires_at", Outbound.millis(session.expiresAt())));
    } else if (!full && now - writtenMillis >= COMMENT_MILLIS) {
      write(": still here\n\n");
    } else if (!full && lookAgain && !looking) {
      lookAgain = false;
      look();
    }
  }

  void accountChanged() {
    loop.sessions()
        .standing(session.userId())
        .onSuccess(
            standing -> {
              if (!standing.active()) {
                end("account");
              }
            });
  }

  void end(String reason) {
    if (leave(reason)) {
      response.end();
    }
  }

  private boolean leave(String reason) {
    if (over) {
      return false;
    }
    over = true;
    streams.count("live_streams_ended", "reason", reason);
    streams.leave(this);
    loop.forget(this);
    return true;
  }
}
