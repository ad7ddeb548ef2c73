package com.sharestack.gateway.live;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What each client frame may carry (sharestack.dm.v1, client_frames). Unknown fields are ignored.
 */
final class FrameRules {

  private static final long MAX_ID = 1L << 53;
  private static final Pattern ANY = Pattern.compile("(?s).*");

  private static final Map<String, List<Field>> FRAMES =
      Map.of(
          "hello",
          List.of(
              text("device_id", true, 8, 64, ANY),
              text("client", true, 1, 16, Pattern.compile("web|ios|android|server")),
              text("app_version", false, 0, 32, ANY),
              number("since_seq", false, 0, MAX_ID)),
          "message.send",
          List.of(
              text("client_msg_id", true, 36, 36, ClientFrame.UUID),
              number("conversation_id", false, 1, MAX_ID),
              number("to_user_id", false, 1, MAX_ID),
              text("message_type", false, 1, 16, Pattern.compile("text|image|file")),
              text("content", false, 1, 2000, ANY),
              number("attachment_id", false, 1, MAX_ID),
              number("reply_to_message_id", false, 1, MAX_ID)),
          "message.recall",
          List.of(number("message_id", true, 1, MAX_ID)),
          "read",
          List.of(number("conversation_id", true, 1, MAX_ID), number("up_to_seq", true, 0, MAX_ID)),
          "event.ack",
          List.of(number("seq", true, 0, MAX_ID)),
          "typing",
          List.of(
              number("conversation_id", true, 1, MAX_ID),
              text("state", true, 1, 8, Pattern.compile("start|stop"))),
          "sync",
          List.of(number("since_seq", true, 0, MAX_ID), number("limit", false, 1, 500)),
          "ping",
          List.of(),
          "auth.refresh",
          List.of(text("ticket", true, 1, 4096, ANY)));

  private FrameRules() {}

  /** A field; null is the same as absent, as everywhere in the protocol. */
  private record Field(
      String name, boolean text, boolean required, long min, long max, Pattern pattern) {

    void check(JsonObject data) {
      Object value = data.getValue(name);
      if (value == null) {
        if (required) {
          throw Refused.invalid(name, "不能为空");
        }
        return;
      }
      boolean typed = text ? value instanceof String : value instanceof Long;
      if (!typed) {
        throw Refused.badFrame(name + (text ? " 必须是文本" : " 必须是整数"));
      }
      long size = text ? codePoints((String) value) : (Long) value;
      if (size < min || size > max) {
        throw Refused.invalid(name, (text ? "长度必须在 " : "必须在 ") + min + " 到 " + max + " 之间");
      }
      if (text && !pattern.matcher((String) value).matches()) {
        throw Refused.invalid(name, "取值无效");
      }
    }

    private static int codePoints(String text) {
      return text.codePointCount(0, text.length());
    }
  }

  private static Field text(String name, boolean required, int min, int max, Pattern pattern) {
    return new Field(name, true, required, min, max, pattern);
  }

  private static Field number(String name, boolean required, long min, long max) {
    return new Field(name, false, required, min, max, null);
  }

  /**
   * @throws Refused UNKNOWN_TYPE, BAD_FRAME for a field of another type, VALIDATION_ERROR for a
   *     missing one or one out of range
   */
  static void check(ClientFrame frame) {
    List<Field> fields = FRAMES.get(frame.type());
    if (fields == null) {
      throw new Refused(Refused.UNKNOWN_TYPE, "未知的帧类型", null);
    }
    fields.forEach(field -> field.check(frame.data()));
    if (frame.type().equals("message.send")) {
      checkSend(frame.data());
    }
  }

  private static void checkSend(JsonObject data) {
    boolean here = data.getValue("conversation_id") != null;
    if (here == (data.getValue("to_user_id") != null)) {
      throw Refused.invalid("conversation_id", "与 to_user_id 必须且只能填写一个");
    }
  }
}
