package com.sharestack.analytics;

import com.sharestack.contract.NotificationActor;
import com.sharestack.contract.NotificationMetadata;
import com.sharestack.contract.UserCard;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a creator reads about new subscribers, who within an hour share one unread notification with
 * the count of all and the newest three.
 */
final class NewSubscribers {

  static final String ACTION_URL = "/subscribers";

  private static final int MOST_ACTORS = 3;

  private NewSubscribers() {}

  static Merged first(UserCard subscriber, String planName) {
    Map<String, ?> values = Map.of("actor", subscriber.displayName(), "plan", planName);
    return new Merged(
        NotificationKind.SUBSCRIPTION_NEW,
        Template.NEW_SUBSCRIBER.title(values),
        Template.NEW_SUBSCRIBER.content(values),
        ACTION_URL,
        Drafts.metadata(NotificationKind.SUBSCRIPTION_NEW)
            .actors(List.of(Drafts.actor(subscriber)))
            .build());
  }

  /** One more; the newest is named. */
  static Merged more(NotificationMetadata before, UserCard subscriber) {
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
        NotificationKind.SUBSCRIPTION_NEW,
        Template.NEW_SUBSCRIBERS.title(values),
        Template.NEW_SUBSCRIBERS.content(values),
        ACTION_URL,
        Drafts.metadata(NotificationKind.SUBSCRIPTION_NEW).count(count).actors(actors).build());
  }
}
