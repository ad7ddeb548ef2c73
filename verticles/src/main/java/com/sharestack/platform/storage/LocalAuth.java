package com.sharestack.platform.storage;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decides whether a request to our own store is signed by its one key, and still good. */
final class LocalAuth {

  /** Why a request is refused, in the protocol's words. */
  record Refusal(int status, String code) {}

  private static final Duration SKEW = Duration.ofMinutes(15);
  private static final long LONGEST_EXPIRY_SECONDS = Duration.ofDays(7).toSeconds();
  private static final Refusal DENIED = new Refusal(403, "AccessDenied");
  private static final Refusal MISMATCH = new Refusal(403, "SignatureDoesNotMatch");
  private static final Pattern HEADER =
      Pattern.compile(
          SigV4.ALGORITHM
              + " Credential=([^,\\s]+),\\s*SignedHeaders=([a-z0-9;-]+),\\s*Signature=([0-9a-f]{64})");

  private final String accessKey;
  private final String secretKey;
  private final String region;
  private final Clock clock;

  LocalAuth(String accessKey, String secretKey, String region, Clock clock) {
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    this.region = region;
    this.clock = clock;
  }

  private record Claim(
      String credential,
      String time,
      List<String> signedHeaders,
      String signature,
      String payloadHash,
      SortedMap<String, String> query) {}

  /** Empty when the request may pass. */
  Optional<Refusal> refusal(HttpServerRequest request, String path) {
    try {
      return request.headers().contains("Authorization")
          ? byHeader(request, path)
          : byQuery(request, path);
    } catch (DateTimeException | NumberFormatException malformed) {
      return Optional.of(DENIED);
    }
  }

  private Optional<Refusal> byHeader(HttpServerRequest request, String path) {
    Matcher header = HEADER.matcher(request.getHeader("Authorization"));
    String time = request.getHeader("x-amz-date");
    String hash = request.getHeader("x-amz-content-sha256");
    if (!header.matches() || time == null || hash == null) {
      return Optional.of(DENIED);
    }
    if (Duration.between(SigV4.parseTime(time), clock.instant()).abs().compareTo(SKEW) > 0) {
      return Optional.of(new Refusal(403, "RequestTimeTooSkewed"));
    }
    return check(
        request,
        path,
        new Claim(
            header.group(1),
            time,
            List.of(header.group(2).split(";")),
            header.group(3),
            hash,
            query(request.params())));
  }

  private Optional<Refusal> byQuery(HttpServerRequest request, String path) {
    SortedMap<String, String> query = query(request.params());
    String signature = query.remove("X-Amz-Signature");
    String time = query.get("X-Amz-Date");
    String signed = query.get("X-Amz-SignedHeaders");
    String credential = query.get("X-Amz-Credential");
    if (signature == null
        || time == null
        || signed == null
        || credential == null
        || !SigV4.ALGORITHM.equals(query.get("X-Amz-Algorithm"))) {
      return Optional.of(DENIED);
    }
    long seconds = Long.parseLong(query.getOrDefault("X-Amz-Expires", "0"));
    Instant from = SigV4.parseTime(time);
    Instant now = clock.instant();
    if (seconds < 1
        || seconds > LONGEST_EXPIRY_SECONDS
        || from.isAfter(now.plus(SKEW))
        || !now.isBefore(from.plusSeconds(seconds))) {
      return Optional.of(DENIED);
    }
    return check(
        request,
        path,
        new Claim(credential, time, List.of(signed.split(";")), signature, SigV4.UNSIGNED, query));
  }

  private Optional<Refusal> check(HttpServerRequest request, String path, Claim claim) {
    if (!claim.credential().equals(accessKey + "/" + SigV4.scope(claim.time(), region))
        || !claim.signedHeaders().contains("host")) {
      return Optional.of(DENIED);
    }
    SortedMap<String, String> headers = new TreeMap<>();
    for (String name : claim.signedHeaders()) {
      String value = request.getHeader(name);
      if (value == null) {
        return Optional.of(MISMATCH);
      }
      headers.put(name, value);
    }
    SigV4.Canonical canonical =
        new SigV4.Canonical(
            request.method().name(), path, claim.query(), headers, claim.payloadHash());
    byte[] expected = ascii(SigV4.signature(secretKey, claim.time(), region, canonical));
    return MessageDigest.isEqual(expected, ascii(claim.signature()))
        ? Optional.empty()
        : Optional.of(MISMATCH);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static SortedMap<String, String> query(MultiMap params) {
    SortedMap<String, String> query = new TreeMap<>();
    for (Map.Entry<String, String> param : params) {
      query.put(param.getKey(), param.getValue());
    }
    return query;
  }
}
