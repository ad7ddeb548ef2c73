package com.sharestack.social;

import com.sharestack.contract.Caller;
import com.sharestack.contract.MessageSettings;
import com.sharestack.contract.MessageSettingsAnswer;
import com.sharestack.contract.MessageSettingsUpdate;
import com.sharestack.contract.MessagesSettingsGetRequest;
import com.sharestack.contract.MessagesSettingsService;
import com.sharestack.contract.MessagesSettingsUpdateRequest;
import com.sharestack.contract.wire.Patch;
import io.vertx.core.Future;

/** Operations messages.settings.* */
final class MessagesSettingsServiceImpl implements MessagesSettingsService {

  private final Core core;

  MessagesSettingsServiceImpl(Core core) {
    this.core = core;
  }

  @Override
  public Future<MessageSettingsAnswer> get(Caller caller, MessagesSettingsGetRequest request) {
    return Future.succeededFuture(
        new MessageSettingsAnswer(core.settings().whole(core.db(), caller.userId())));
  }

  /** The lock of the user's log lets two updates at once keep each other's fields. */
  @Override
  public Future<MessageSettingsAnswer> update(
      Caller caller, MessagesSettingsUpdateRequest request) {
    long user = caller.userId();
    MessageSettings stored =
        core.db()
            .tx(
                tx -> {
                  core.log().open(tx, core.now(), user);
                  MessageSettings wanted = changed(core.settings().whole(tx, user), request.body());
                  core.settings().store(tx, user, wanted, core.now());
                  return wanted;
                });
    return Future.succeededFuture(new MessageSettingsAnswer(stored));
  }

  static MessageSettings changed(MessageSettings before, MessageSettingsUpdate update) {
    return MessageSettings.builder()
        .whoCanMessage(Patch.orElse(update.whoCanMessage(), before.whoCanMessage()))
        .readReceiptsEnabled(
            Patch.orElse(update.readReceiptsEnabled(), before.readReceiptsEnabled()))
        .typingEnabled(Patch.orElse(update.typingEnabled(), before.typingEnabled()))
        .filterKeywords(Patch.orElse(update.filterKeywords(), before.filterKeywords()))
        .autoArchiveDays(Patch.orElse(update.autoArchiveDays(), before.autoArchiveDays()))
        .build();
  }
}
