package com.sharestack.sandbox;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A notification with a fixed id and content, signed anew for every delivery. */
interface Message {

  record Wire(Map<String, String> headers, Buffer body) {}

  TwinRail rail();

  String outTradeNo();

  String id();

  String event();

  String url();

  Wire wire(Tamper tamper);

  /** Gaps after each delivery that was not acknowledged. */
  List<Duration> gaps();

  boolean acknowledged(int status, Buffer body);
}
