package com.sharestack.gateway;

import com.sharestack.platform.config.Config;
import com.sharestack.platform.tokens.AccessTokens;
import com.sharestack.testing.ApiAccount;
import com.sharestack.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Values of the Authorization header that let nobody in, by what is wrong with them. */
final class BadTokens {

  private final TestNode node;
  private final ApiAccount account;

  private BadTokens(TestNode node, ApiAccount account) {
    this.node = node;
    this.account = account;
  }

  /**
   * @param account a living one, which the tokens name
   */
  static Map<String, String> of(TestNode node, ApiAccount account) {
    return new BadTokens(node, account).all();
  }

  private Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    String good = account.accessToken();
    String[] parts = good.split("\\.");
    all.put("a word", "Bearer nonsense");
    all.put("three words", "Bearer a.b.c");
    all.put("NUL and markup", "Bearer <script>%00</script>");
    all.put("very long", "Bearer " + "x".repeat(5_000));
    all.put("without its signature", "Bearer " + parts[0] + "." + parts[1] + ".");
    all.put("another signature", "Bearer " + good.substring(0, good.length() - 6) + "AAAAAA");
    all.put("another account's claims", "Bearer " + swapped(parts));
    all.put("no algorithm", "Bearer " + unsigned(parts));
    all.put("another algorithm", "Bearer " + signed("HS384", "HmacSHA384", claims()));
    all.put(
        "a refresh token",
        "Bearer " + signed("HS256", "HmacSHA256", claims().put("typ", "refresh")));
    all.put("a subject that is no number", "Bearer " + signed(claims().put("sub", "' OR 1=1")));
    all.put("a subject of another type", "Bearer " + signed(claims().put("sub", new JsonObject())));
    all.put("no session", "Bearer " + signed(without("sid")));
    all.put("no end", "Bearer " + signed(without("exp")));
    all.put("another audience", "Bearer " + signed(claims().put("aud", List.of("elsewhere"))));
    all.put("another issuer", "Bearer " + signed(claims().put("iss", "elsewhere")));
    all.put("no claims at all", "Bearer " + signed(new JsonObject()));
    all.put("expired", "Bearer " + expired());
    all.put("an account that is not", "Bearer " + signed(claims().put("sub", "999999999")));
    all.put("Basic", "Basic cHJvYmU6cHJvYmU=");
    all.put("two tokens", "Bearer " + good + " " + good);
    return all;
  }

  private JsonObject claims() {
    String payload = account.accessToken().split("\\.")[1];
    return new JsonObject(
        new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
  }

  private JsonObject without(String claim) {
    JsonObject less = claims();
    less.remove(claim);
    return less;
  }

  private String swapped(String[] parts) {
    return parts[0]
        + "."
        + base64(claims().put("sub", String.valueOf(account.id() + 1)))
        + "."
        + parts[2];
  }

  private static String unsigned(String[] parts) {
    return base64(new JsonObject().put("alg", "none").put("typ", "JWT")) + "." + parts[1] + ".";
  }

  private String expired() {
    Config config = node.config();
    AccessTokens tokens =
        new AccessTokens(
            node.vertx(),
            config.secrets().jwt(),
            config.auth().issuer(),
            config.auth().audience(),
            60);
    String session = claims().getString("sid");
    Instant past = node.clock().instant().minusSeconds(3_600);
    return tokens.issue(account.id(), session, "jti_probe", "reader", List.of(), past);
  }

  private String signed(JsonObject claims) {
    return signed("HS256", "HmacSHA256", claims);
  }

  private String signed(String algorithm, String mac, JsonObject claims) {
    try {
      JsonObject header = new JsonObject().put("alg", algorithm).put("typ", "JWT").put("kid", "k1");
      String text = base64(header) + "." + base64(claims);
      Mac hash = Mac.getInstance(mac);
      byte[] key = node.config().secrets().jwt().getBytes(StandardCharsets.UTF_8);
      hash.init(new SecretKeySpec(key, mac));
      byte[] signature = hash.doFinal(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(JsonObject json) {
    byte[] bytes = json.encode().getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
