package com.sharestack.gateway.live;

import com.sharestack.gateway.contract.BadBody;
import com.sharestack.gateway.contract.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;

/**
 * One frame of a client, read strictly.
 *
 * @param id null when the client wants no reference in the answer
 * @param data checked by {@link FrameRules}
 */
record ClientFrame(String type, String id, JsonObject data) {

  static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private static final int MAX_TYPE = 64;

  /**
   * @param text valid UTF-8
   * @throws Refused BAD_FRAME for what is no envelope
   */
  static ClientFrame read(Buffer text) {
    Object parsed;
    try {
      parsed = StrictJson.parse(text);
    } catch (BadBody bad) {
      throw Refused.badFrame(bad.getMessage());
    }
    if (!(parsed instanceof JsonObject frame)) {
      throw Refused.badFrame("帧必须是 JSON 对象");
    }
    if (!(frame.getValue("type") instanceof String type) || type.length() > MAX_TYPE) {
      throw Refused.badFrame("帧缺少 type");
    }
    Object id = frame.getValue("id");
    if (id != null && !(id instanceof String name && UUID.matcher(name).matches())) {
      throw Refused.badFrame("id 必须是小写的 UUID");
    }
    Object data = frame.getValue("data");
    if (data != null && !(data instanceof JsonObject)) {
      throw Refused.badFrame("data 必须是对象");
    }
    return new ClientFrame(type, (String) id, data == null ? new JsonObject() : (JsonObject) data);
  }
}
