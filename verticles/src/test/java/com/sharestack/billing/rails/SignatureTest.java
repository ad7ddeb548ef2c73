package com.sharestack.billing.rails;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.TestRails;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Canonical texts and the reading of signed texts, byte for byte. */
class SignatureTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  @Test
  void theRequestTextHasFiveLinesEachWithItsEnd() {
    assertEquals(
        "GET\n/v3/a?b=c\n1554208460\nnonce\n\n",
        text(WechatSigning.requestText("GET", "/v3/a?b=c", 1554208460, "nonce", new byte[0])));
    assertEquals(
        "POST\n/v3/a\n1\nn\n{\"a\":\"中\"}\n",
        text(WechatSigning.requestText("POST", "/v3/a", 1, "n", Wire.utf8("{\"a\":\"中\"}"))));
    assertEquals("1\nn\nbody\n", text(WechatSigning.answerText("1", "n", Wire.utf8("body"))));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"300,true", "301,false", "-300,true", "-301,false", "0,true"})
  void theClockToleranceIsFiveMinutesToBothSides(long ageSeconds, boolean accepted) {
    String seconds = Long.toString(NOW.getEpochSecond() - ageSeconds);
    byte[] body = Wire.utf8("{}");
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    headers.add("wechatpay-timestamp", seconds).add("wechatpay-nonce", "n");
    headers.add("wechatpay-serial", "S");
    headers.add(
        "wechatpay-signature",
        Rsa.sign(WechatSigning.answerText(seconds, "n", body), TestRails.KEYS.merchantKey()));
    // any pair will do here: the merchant's own plays the platform
    Map<String, PublicKey> keys = Map.of("S", publicOf(TestRails.KEYS.merchantKey()));
    Verdict.Rejected found = WechatSigning.check(headers, body, keys, NOW);
    assertEquals(accepted ? null : Verdict.Reason.STALE, found == null ? null : found.reason());
    headers.add("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3");
    assertEquals(Verdict.Reason.SIGNATURE, WechatSigning.check(headers, body, keys, NOW).reason());
  }

  private static PublicKey publicOf(java.security.PrivateKey key) {
    try {
      var rsa = (java.security.interfaces.RSAPrivateCrtKey) key;
      return java.security.KeyFactory.getInstance("RSA")
          .generatePublic(
              new java.security.spec.RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aResourceOpensOnlyAsItWasSealed() throws Exception {
    String key = "0123456789abcdef0123456789abcdef";
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "AES"),
        new GCMParameterSpec(128, "nonce0123456".getBytes(StandardCharsets.US_ASCII)));
    cipher.updateAAD("transaction".getBytes(StandardCharsets.US_ASCII));
    JsonObject resource =
        new JsonObject()
            .put("algorithm", "AEAD_AES_256_GCM")
            .put("nonce", "nonce0123456")
            .put("associated_data", "transaction")
            .put(
                "ciphertext",
                Base64.getEncoder().encodeToString(cipher.doFinal(Wire.utf8("{\"a\":1}"))));
    assertEquals("{\"a\":1}", text(WechatResource.open(resource, key)));
    for (String[] change :
        new String[][] {
          {"associated_data", "refund"},
          {"nonce", "nonce0123457"},
          {"nonce", "short"},
          {"algorithm", "NONE"},
          {"ciphertext", "AAAA"},
          {"ciphertext", "not base64!"}
        }) {
      JsonObject spoilt = resource.copy().put(change[0], change[1]);
      assertThrows(Wire.Malformed.class, () -> WechatResource.open(spoilt, key), change[0]);
    }
    String other = key.replace('0', '1');
    assertThrows(Wire.Malformed.class, () -> WechatResource.open(resource, other));
  }

  @Test
  void alipaysTextIsSortedWithoutEmptyValuesAndWithoutSign() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("b", "2=&");
    parameters.put("sign", "xx");
    parameters.put("sign_type", "RSA2");
    parameters.put("a", "1 一");
    parameters.put("empty", "");
    assertEquals("a=1 一&b=2=&&sign_type=RSA2", AlipaySigning.requestText(parameters));
    assertEquals("a=1 一&b=2=&", text(AlipaySigning.noticeText(parameters, StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"x_response\":%s,\"sign\":\"ab\\/c=\"}",
        "{\"sign\":\"ab/c=\",\"x_response\":%s}",
        " { \"x_response\" : %s , \"alipay_cert_sn\":\"}{\", \"sign\" : \"ab/c=\" } "
      })
  void theAnswersNodeIsCutOutAsItWasSent(String frame) {
    for (String node :
        new String[] {"{\"a\":\"}\\\"{\",\"b\":[1,{\"c\":\"中\\/\"}]}", "{}", "{ \"a\" : 1.10 }"}) {
      AlipayAnswer answer = AlipayAnswer.read(frame.formatted(node), "x_response");
      assertEquals(node, answer.node());
      assertEquals("ab/c=", answer.sign());
      assertFalse(answer.error());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "<html>",
        "{\"sign\":\"a\"}",
        "{\"x_response\":{}",
        "{\"x_response\":{},\"x_response\":{\"code\":\"10000\"},\"sign\":\"a\"}",
        "{\"error_response\":{},\"x_response\":{},\"sign\":\"a\"}",
        "{\"x_response\":{},\"sign\":\"a\",\"sign\":\"b\"}",
        "{\"x_response\":{},\"sign\":\"a\"} trailing",
        "{\"x_response\":{},\"sign\":\"a"
      })
  void anAnswerOfAnotherFormIsMalformed(String text) {
    assertThrows(Wire.Malformed.class, () -> AlipayAnswer.read(text, "x_response"));
  }

  @Test
  void anUnsignedErrorIsToldFromAnUnsignedAnswer() {
    AlipayAnswer error = AlipayAnswer.read("{\"error_response\":{\"code\":\"40002\"}}", "x");
    assertTrue(error.error());
    assertNull(error.sign());
  }

  @ParameterizedTest
  @CsvSource({"0.01,1", "88,8800", "88.8,8880", "-5.00,-500", "99999999.99,9999999999"})
  void yuanBecomeFenExactly(String yuan, long fen) {
    assertEquals(fen, Yuan.fen(yuan));
    assertEquals(fen, Yuan.fen(Yuan.of(fen)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.001", "1e2", "NaN", "１", " 1", "1,000.00", "+1", ".5", "1."})
  void whatIsNoAmountInYuanIsRefused(String text) {
    assertThrows(Wire.Malformed.class, () -> Yuan.fen(text));
  }

  @Test
  void aSubjectIsCutAtWholeCharacters() {
    assertEquals("知识", Text.cut("知识星球", 8));
    assertEquals("a😀", Text.cut("a😀b", 5));
    assertEquals("a", Text.cut("a😀b", 4));
  }

  @Test
  void noKeyShowsInTheTextOfAConfiguration() {
    try (TestRails twin = new TestRails()) {
      String text = twin.config(RailsConfig.Limits.DEFAULT).toString();
      assertFalse(text.contains(TestRails.KEYS.apiV3Key()), text);
      assertFalse(text.contains("modulus") || text.contains("RSA"), text);
    }
  }
}
