package com.sharestack.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes back over HTTP.
 *
 * @param headers all of them, signatures included
 */
record TwinAnswer(int status, Map<String, String> headers, Buffer body) {

  static TwinAnswer of(int status, String contentType, Buffer body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", contentType);
    return new TwinAnswer(status, headers, body);
  }

  static TwinAnswer json(int status, JsonObject json) {
    return of(status, "application/json", json == null ? Buffer.buffer() : json.toBuffer());
  }

  static TwinAnswer garbage() {
    return of(200, "text/html", Buffer.buffer("<html><body>502 Bad Gateway</body></html>"));
  }
}
