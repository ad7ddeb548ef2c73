package com.sharestack.billing.rails;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** SHA256withRSA (PKCS#1 v1.5), Base64; the one signature of both rails. Keys as PEM or bare. */
public final class Rsa {

  private static final String ALGORITHM = "SHA256withRSA";

  private Rsa() {}

  static String sign(byte[] text, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(text);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with the configured key", e);
    }
  }

  /** False for every signature that is not the one, readable or not. */
  static boolean verifies(byte[] text, String base64, PublicKey key) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(text);
      return signature.verify(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException | SignatureException notASignature) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot verify with the configured key", e);
    }
  }

  /**
   * @param text PKCS#8, PEM or Base64
   */
  public static PrivateKey privateKey(String text) {
    try {
      return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes(text)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // without the cause's text: it may quote the key
      throw new IllegalArgumentException("not an RSA private key in PKCS#8 form");
    }
  }

  /**
   * @param text X.509 SubjectPublicKeyInfo, PEM or Base64
   */
  public static PublicKey publicKey(String text) {
    try {
      return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(bytes(text)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException("not an RSA public key in X.509 form");
    }
  }

  private static byte[] bytes(String text) {
    return Base64.getDecoder()
        .decode(text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", ""));
  }
}
