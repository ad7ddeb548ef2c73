package com.sharestack.social;

import com.sharestack.contract.MessageSend;
import com.sharestack.platform.errors.Errors;

/**
 * What a sender wants to send, cleaned.
 *
 * @param conversationId or {@code toUserId}, the other is null
 * @param text null for an attachment without caption
 */
record Draft(
    String clientMsgId,
    Long conversationId,
    Long toUserId,
    String type,
    String text,
    Long attachmentId,
    Long replyTo) {

  static final String TEXT = "text";

  /** Fails with VALIDATION_ERROR for what the schema cannot say. */
  static Draft of(long sender, MessageSend body) {
    if ((body.conversationId() == null) == (body.toUserId() == null)) {
      throw Errors.invalid("conversation_id", "conversation_id 与 to_user_id 必须且只能填写一个");
    }
    if (body.toUserId() != null && body.toUserId() == sender) {
      throw Errors.invalid("to_user_id", "不能给自己发私信");
    }
    boolean plain = TEXT.equals(body.messageType());
    if (plain == (body.attachmentId() != null)) {
      throw Errors.invalid("attachment_id", plain ? "文本消息不能带附件" : "图片和文件消息必须带附件");
    }
    String text = body.content() == null ? "" : MessageText.clean(body.content());
    if (text.isEmpty() && (plain || body.content() != null)) {
      throw Errors.invalid("content", "消息内容不能为空");
    }
    return new Draft(
        body.clientMsgId(),
        body.conversationId(),
        body.toUserId(),
        body.messageType(),
        text.isEmpty() ? null : text,
        body.attachmentId(),
        body.replyToMessageId());
  }

  /** Whether {@code first} went to whom this one is meant for. */
  boolean sameRecipient(MessageRow first) {
    return conversationId != null
        ? conversationId == first.conversationId()
        : toUserId == first.receiverId();
  }
}
