package com.sharestack.analytics;

import com.sharestack.contract.NotificationMetadata;
import com.sharestack.contract.UserCard;
import java.util.List;
import java.util.Map;

/**
 * What a recipient who is away reads about private messages: those of one conversation share one
 * notification until he reads it. It shows who wrote and how often, never what.
 */
final class NewMessages {

  private NewMessages() {}

  static String mergeKey(long conversationId) {
    return NotificationKind.PRIVATE_MESSAGE.event() + ":" + conversationId;
  }

  static Merged first(UserCard sender, long conversationId) {
    return counted(Template.PRIVATE_MESSAGE, sender, conversationId, 1);
  }

  static Merged more(NotificationMetadata before, UserCard sender, long conversationId) {
    return counted(Template.PRIVATE_MESSAGES, sender, conversationId, before.count() + 1);
  }

  private static Merged counted(
      Template template, UserCard sender, long conversationId, long count) {
    Map<String, ?> values = Map.of("actor", sender.displayName(), "count", count);
    return new Merged(
        NotificationKind.PRIVATE_MESSAGE,
        template.title(values),
        template.content(values),
        "/messages/" + conversationId,
        Drafts.metadata(NotificationKind.PRIVATE_MESSAGE)
            .count(count)
            .actors(List.of(Drafts.actor(sender)))
            .conversationId(conversationId)
            .userId(sender.userId())
            .build());
  }
}
