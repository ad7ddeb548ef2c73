package com.sharestack.platform.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The examples of the S3 documentation: "Signature calculations", header and query based. */
class SigV4Test {

  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  private static final String TIME = "20130524T000000Z";

  private static String signature(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      String payloadHash) {
    TreeMap<String, String> signed = new TreeMap<>(headers);
    signed.put("host", "examplebucket.s3.amazonaws.com");
    return SigV4.signature(
        SECRET,
        TIME,
        "us-east-1",
        new SigV4.Canonical(method, path, new TreeMap<>(query), signed, payloadHash));
  }

  private static Map<String, String> headers(String payloadHash, String... more) {
    TreeMap<String, String> headers = new TreeMap<>();
    headers.put("x-amz-content-sha256", payloadHash);
    headers.put("x-amz-date", TIME);
    for (int i = 0; i < more.length; i += 2) {
      headers.put(more[i], more[i + 1]);
    }
    return headers;
  }

  @Test
  void getObject() {
    assertEquals(
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        signature(
            "GET",
            "/test.txt",
            Map.of(),
            headers(SigV4.EMPTY_HASH, "range", "bytes=0-9"),
            SigV4.EMPTY_HASH));
  }

  @Test
  void putObject() {
    String hash = SigV4.sha256("Welcome to Amazon S3.");
    assertEquals(
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        signature(
            "PUT",
            "/test$file.text",
            Map.of(),
            headers(
                hash,
                "date",
                "Fri, 24 May 2013 00:00:00 GMT",
                "x-amz-storage-class",
                "REDUCED_REDUNDANCY"),
            hash));
  }

  @Test
  void getBucketLifecycle() {
    assertEquals(
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        signature(
            "GET", "/", Map.of("lifecycle", ""), headers(SigV4.EMPTY_HASH), SigV4.EMPTY_HASH));
  }

  @Test
  void listObjects() {
    assertEquals(
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        signature(
            "GET",
            "/",
            Map.of("max-keys", "2", "prefix", "J"),
            headers(SigV4.EMPTY_HASH),
            SigV4.EMPTY_HASH));
  }

  @Test
  void presignedUrl() {
    assertEquals(
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
        signature(
            "GET",
            "/test.txt",
            Map.of(
                "X-Amz-Algorithm", "AWS4-HMAC-SHA256",
                "X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
                "X-Amz-Date", TIME,
                "X-Amz-Expires", "86400",
                "X-Amz-SignedHeaders", "host"),
            Map.of(),
            SigV4.UNSIGNED));
  }

  @Test
  void timesAreWrittenAndReadAlike() {
    Instant at = Instant.parse("2013-05-24T00:00:00Z");
    assertEquals(TIME, SigV4.time(at));
    assertEquals(at, SigV4.parseTime(TIME));
    assertEquals("20130524/us-east-1/s3/aws4_request", SigV4.scope(TIME, "us-east-1"));
  }

  @Test
  void keysAreFilesBelowTheFolderAndNothingElse() {
    assertTrue(ObjectKeys.valid("reports/7/rpt_abc.xlsx"));
    assertTrue(ObjectKeys.valid("..a/b..c"));
    for (String key :
        new String[] {"", "/a", "a/", "a//b", "..", "a/../b", "a/..", "./a", "ä", "a b"}) {
      assertFalse(ObjectKeys.valid(key), key);
    }
    assertFalse(ObjectKeys.valid("a".repeat(513)));
  }
}
