package com.sharestack.platform.storage;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 as S3 uses it: pure functions that the client signs and our own store
 * checks with. Paths are encoded once, unlike other services of AWS.
 */
final class SigV4 {

  static final String ALGORITHM = "AWS4-HMAC-SHA256";
  static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  static final String EMPTY_HASH =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String HMAC = "HmacSHA256";

  private SigV4() {}

  /**
   * What is signed of a request.
   *
   * @param path decoded, from the root
   * @param query decoded; the signature itself is not in it
   * @param headers those signed, by lower-case name; host is always one
   * @param payloadHash hex, or UNSIGNED-PAYLOAD
   */
  record Canonical(
      String method,
      String path,
      SortedMap<String, String> query,
      SortedMap<String, String> headers,
      String payloadHash) {

    String signedHeaders() {
      return String.join(";", headers.keySet());
    }

    String text() {
      StringBuilder text = new StringBuilder(method).append('\n');
      text.append(encode(path, true)).append('\n').append(queryText(query)).append('\n');
      headers.forEach(
          (name, value) ->
              text.append(name)
                  .append(':')
                  .append(value.strip().replaceAll(" +", " "))
                  .append('\n'));
      return text.append('\n').append(signedHeaders()).append('\n').append(payloadHash).toString();
    }
  }

  /** Time as the protocol writes it. */
  static String time(Instant at) {
    return TIME.format(at);
  }

  /**
   * @throws java.time.format.DateTimeParseException for another form
   */
  static Instant parseTime(String text) {
    return Instant.from(TIME.parse(text));
  }

  /** Date, region, service: what a derived key is good for. */
  static String scope(String time, String region) {
    return time.substring(0, 8) + "/" + region + "/s3/aws4_request";
  }

  static String signature(String secretKey, String time, String region, Canonical request) {
    String toSign = String.join("\n", ALGORITHM, time, scope(time, region), sha256(request.text()));
    byte[] key = hmac(utf8("AWS4" + secretKey), time.substring(0, 8));
    for (String part : new String[] {region, "s3", "aws4_request"}) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, toSign));
  }

  /** Parameters in the order and encoding in which they are signed. */
  static String queryText(SortedMap<String, String> query) {
    return query.entrySet().stream()
        .map(entry -> encode(entry.getKey(), false) + "=" + encode(entry.getValue(), false))
        .sorted()
        .collect(Collectors.joining("&"));
  }

  static String encode(String text, boolean keepSlash) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte unit : utf8(text)) {
      char c = (char) (unit & 0xff);
      boolean plain =
          c >= 'A' && c <= 'Z'
              || c >= 'a' && c <= 'z'
              || c >= '0' && c <= '9'
              || "-_.~".indexOf(c) >= 0;
      if (plain || keepSlash && c == '/') {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(unit));
      }
    }
    return encoded.toString();
  }

  static String sha256(String text) {
    return HexFormat.of().formatHex(sha256().digest(utf8(text)));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
