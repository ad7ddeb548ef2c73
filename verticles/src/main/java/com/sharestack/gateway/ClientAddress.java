package com.sharestack.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;

/** Who is on the line: the socket's address, or what a proxy we trust says about it. */
final class ClientAddress {

  private static final int MAX_LENGTH = 45;
  private final Set<String> trustedProxies;

  ClientAddress(Set<String> trustedProxies) {
    this.trustedProxies = trustedProxies;
  }

  /** The nearest address in X-Forwarded-For that is no trusted proxy; forged ones lie further. */
  String of(HttpServerRequest request) {
    String socket = request.remoteAddress().hostAddress();
    List<String> forwarded = request.headers().getAll("X-Forwarded-For");
    if (forwarded.isEmpty() || !trustedProxies.contains(socket)) {
      return socket;
    }
    // A client's own header and the proxy's may stand on lines of their own, in this order.
    String[] hops = String.join(",", forwarded).split(",");
    for (int i = hops.length - 1; i >= 0; i--) {
      String hop = hops[i].strip();
      if (!trustedProxies.contains(hop)) {
        return plausible(hop) ? hop : socket;
      }
    }
    return socket;
  }

  private static boolean plausible(String address) {
    return !address.isEmpty()
        && address.length() <= MAX_LENGTH
        && address.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':');
  }
}
