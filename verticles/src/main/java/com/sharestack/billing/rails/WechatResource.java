package com.sharestack.billing.rails;

import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The encrypted part of a notification: AEAD_AES_256_GCM under the APIv3 key. */
final class WechatResource {

  private static final int TAG_BITS = 128;
  private static final int NONCE_BYTES = 12;

  private WechatResource() {}

  /**
   * @throws Wire.Malformed when it was not encrypted under our key as it stands
   */
  static byte[] open(JsonObject resource, String apiV3Key) {
    if (!"AEAD_AES_256_GCM".equals(Wire.text(resource, "algorithm"))) {
      throw new Wire.Malformed("another algorithm");
    }
    byte[] nonce = Wire.utf8(Wire.text(resource, "nonce"));
    if (nonce.length != NONCE_BYTES) {
      throw new Wire.Malformed("the nonce has " + nonce.length + " bytes");
    }
    String associated = Wire.optional(resource, "associated_data");
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(Wire.utf8(apiV3Key), "AES"),
          new GCMParameterSpec(TAG_BITS, nonce));
      if (associated != null) {
        cipher.updateAAD(Wire.utf8(associated));
      }
      return cipher.doFinal(Base64.getDecoder().decode(Wire.text(resource, "ciphertext")));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new Wire.Malformed("the resource does not decrypt");
    }
  }
}
