package com.sharestack.gateway.live;

/** Why the server closes a socket: the codes of sharestack.dm.v1 (close_codes). */
public enum CloseCode {
  GOING_AWAY(1001, "server going away"),
  BINARY(1003, "binary frame"),
  INVALID_TEXT(1007, "invalid UTF-8"),
  TOO_LARGE(1009, "frame too large"),
  INTERNAL(1011, "internal error"),
  OVERLOAD(1013, "overload"),
  PROTOCOL(4400, "protocol violation"),
  SESSION_ENDED(4401, "session ended"),
  SUSPENDED(4403, "account suspended"),
  TIMEOUT(4408, "timeout"),
  REPLACED(4409, "replaced by a newer connection"),
  TOO_SLOW(4410, "client reads too slowly"),
  FRAME_RATE(4429, "frame rate");

  private final short number;
  private final String reason;

  CloseCode(int number, String reason) {
    this.number = (short) number;
    this.reason = reason;
  }

  public short number() {
    return number;
  }

  public String reason() {
    return reason;
  }
}
