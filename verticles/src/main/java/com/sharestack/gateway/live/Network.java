package com.sharestack.gateway.live;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.HexFormat;

/** The part of a client's address that stays the same while a phone moves a little. */
final class Network {

  private static final int IPV4_BYTES = 3;
  private static final int IPV6_BYTES = 6;
  private static final int MAPPED_PREFIX = 12;

  private Network() {}

  /** /24 of an IPv4 address, also of one mapped into IPv6, and /48 of an IPv6 address; as hex. */
  static String prefix(String ip) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(ip);
    if (bytes == null) {
      return ip;
    }
    if (bytes.length == 16 && mapped(bytes)) {
      bytes = Arrays.copyOfRange(bytes, MAPPED_PREFIX, bytes.length);
    }
    int kept = bytes.length == 4 ? IPV4_BYTES : IPV6_BYTES;
    return (bytes.length == 4 ? "4:" : "6:") + HexFormat.of().formatHex(bytes, 0, kept);
  }

  private static boolean mapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == (byte) 0xff && bytes[11] == (byte) 0xff;
  }
}
