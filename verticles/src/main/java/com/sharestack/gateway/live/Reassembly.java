package com.sharestack.gateway.live;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the fragments of a text message together, as bytes, up to the protocol's limit. */
final class Reassembly {

  static final int MAX_BYTES = 65_536;

  private static final Pattern ID =
      Pattern.compile("\"id\"\\s*:\\s*\"(" + ClientFrame.UUID.pattern() + ")\"");

  private Buffer parts;
  private boolean tooLarge;

  /**
   * @return the whole message with its last fragment, else null
   */
  Buffer add(WebSocketFrame frame) {
    Buffer part = frame.binaryData();
    int before = parts == null ? 0 : parts.length();
    if (before + part.length() > MAX_BYTES) {
      tooLarge = true;
      parts = null;
      return null;
    }
    if (frame.isFinal() && parts == null) {
      return part;
    }
    parts = parts == null ? Buffer.buffer() : parts;
    parts.appendBuffer(part);
    if (!frame.isFinal()) {
      return null;
    }
    Buffer whole = parts;
    parts = null;
    return whole;
  }

  boolean tooLarge() {
    return tooLarge;
  }

  static boolean isUtf8(Buffer text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.getBytes()));
      return true;
    } catch (CharacterCodingException broken) {
      return false;
    }
  }

  /** The id that a frame nobody could read seems to have, to refer to; null when it has none. */
  static String idOf(Buffer text) {
    Matcher id = ID.matcher(text.toString());
    return id.find() ? id.group(1) : null;
  }
}
