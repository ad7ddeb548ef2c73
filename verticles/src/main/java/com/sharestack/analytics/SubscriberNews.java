package com.sharestack.analytics;

import com.sharestack.contract.NotificationActor;
import com.sharestack.contract.NotificationMetadata;
import com.sharestack.contract.UserCard;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a creator reads about his subscribers. Those of the same news share within an hour one
 * unread notification with the count of all and the newest three.
 */
enum SubscriberNews {
  SUBSCRIBED(NotificationKind.SUBSCRIPTION_NEW, Template.NEW_SUBSCRIBER, Template.NEW_SUBSCRIBERS),
  RENEWED(NotificationKind.SUBSCRIPTION_RENEWED, Template.RENEWED, Template.RENEWALS),
  CANCELLED(
      NotificationKind.SUBSCRIPTION_CANCELLED, Template.UNSUBSCRIBED, Template.UNSUBSCRIPTIONS);

  static final String ACTION_URL = "/subscribers";

  private static final int MOST_ACTORS = 3;

  private final NotificationKind kind;
  private final Template one;
  private final Template many;

  SubscriberNews(NotificationKind kind, Template one, Template many) {
    this.kind = kind;
    this.one = one;
    this.many = many;
  }

  /** News of another sort opens a row of its own. */
  String mergeKey() {
    return this == SUBSCRIBED ? kind.event() : kind.event() + ":" + name().toLowerCase(Locale.ROOT);
  }

  NotificationKind kind() {
    return kind;
  }

  Merged first(UserCard subscriber, String planName) {
    Map<String, ?> values = Map.of("actor", subscriber.displayName(), "plan", planName);
    return new Merged(
        kind,
        one.title(values),
        one.content(values),
        ACTION_URL,
        Drafts.metadata(kind).actors(List.of(Drafts.actor(subscriber))).build());
  }

  /** One more; the newest is named. */
  Merged more(NotificationMetadata before, UserCard subscriber) {
    long count = before.count() + 1;
    Map<String, ?> values = Map.of("actor", subscriber.displayName(), "count", count);
    NotificationActor newest = Drafts.actor(subscriber);
    List<NotificationActor> actors =
        Stream.concat(
                Stream.of(newest),
                before.actors().stream().filter(actor -> actor.id() != newest.id()))
            .limit(MOST_ACTORS)
            .toList();
    return new Merged(
        kind,
        many.title(values),
        many.content(values),
        ACTION_URL,
        Drafts.metadata(kind).count(count).actors(actors).build());
  }
}
