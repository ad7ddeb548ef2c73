package com.sharestack.platform.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts column values with AES-256-GCM. A sealed value is {@code key id (1 byte), nonce (12),
 * ciphertext, tag (16)}; the key id lets a new key be introduced while old rows stay readable. The
 * name of the column is authenticated: a value copied into another column does not open.
 */
public final class Sealer {

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final byte FIRST_KEY = 1;

  private final SecureRandom random = new SecureRandom();
  private final Map<Byte, SecretKey> keys;
  private final byte current;

  /**
   * @param keys AES keys of 32 bytes by id; {@code current} seals, all of them open
   */
  public Sealer(Map<Byte, byte[]> keys, byte current) {
    if (!keys.containsKey(current)) {
      throw new IllegalArgumentException("no key " + current);
    }
    keys.values().forEach(Sealer::checkLength);
    this.keys =
        keys.entrySet().stream()
            .collect(
                java.util.stream.Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> new SecretKeySpec(entry.getValue(), "AES")));
    this.current = current;
  }

  /** One key, number 1, 32 bytes in Base64. */
  public static Sealer ofKey(String base64) {
    return new Sealer(Map.of(FIRST_KEY, Base64.getDecoder().decode(base64)), FIRST_KEY);
  }

  private static void checkLength(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("an AES-256 key has 32 bytes, not " + key.length);
    }
  }

  /**
   * @param column where the value will stand, for example {@code users.phone}
   */
  public byte[] seal(String column, String plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, current, nonce, column);
      byte[] text = plain.getBytes(StandardCharsets.UTF_8);
      ByteBuffer sealed =
          ByteBuffer.allocate(1 + NONCE_BYTES + cipher.getOutputSize(text.length))
              .put(current)
              .put(nonce);
      return sealed.put(cipher.doFinal(text)).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /**
   * @throws CryptoException when {@code sealed} is not what {@link #seal} made for this column
   */
  public String open(String column, byte[] sealed) {
    if (sealed.length < 1 + NONCE_BYTES + TAG_BITS / 8 || !keys.containsKey(sealed[0])) {
      throw new CryptoException(
          "the sealed value of " + column + " is cut or of an unknown key", null);
    }
    byte[] nonce = new byte[NONCE_BYTES];
    System.arraycopy(sealed, 1, nonce, 0, NONCE_BYTES);
    int start = 1 + NONCE_BYTES;
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, sealed[0], nonce, column);
      return new String(
          cipher.doFinal(sealed, start, sealed.length - start), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new CryptoException("the sealed value of " + column + " does not open", e);
    }
  }

  private Cipher cipher(int mode, byte keyId, byte[] nonce, String column)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(new byte[] {keyId});
    cipher.updateAAD(column.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
