package com.sharestack.platform.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealerTest {

  private static final byte[] OLD = filled(7);
  private static final byte[] NEW = filled(9);
  private final Sealer sealer = new Sealer(Map.of((byte) 1, OLD), (byte) 1);

  @Test
  void aSealedValueOpensAndHidesItsText() {
    byte[] sealed = sealer.seal("users.phone", "+8613800138000");
    assertEquals("+8613800138000", sealer.open("users.phone", sealed));
    assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains("138"));
  }

  @Test
  void theSameValueIsSealedDifferentlyEachTime() {
    assertFalse(Arrays.equals(sealer.seal("c", "same"), sealer.seal("c", "same")));
  }

  @Test
  void everyAlteredByteIsNoticed() {
    byte[] sealed = sealer.seal("users.phone", "+8613800138000");
    for (int i = 0; i < sealed.length; i++) {
      byte[] altered = sealed.clone();
      altered[i] ^= 1;
      assertThrows(CryptoException.class, () -> sealer.open("users.phone", altered), "byte " + i);
    }
  }

  @Test
  void aCutValueIsNoticed() {
    byte[] sealed = sealer.seal("c", "");
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThrows(CryptoException.class, () -> sealer.open("c", cut), "length " + length);
    }
  }

  @Test
  void aValueMovedToAnotherColumnDoesNotOpen() {
    byte[] sealed = sealer.seal("users.phone", "x");
    assertThrows(CryptoException.class, () -> sealer.open("users.id_number", sealed));
  }

  @Test
  void afterAChangeOfKeysOldRowsStayReadable() {
    byte[] old = sealer.seal("c", "kept");
    Sealer both = new Sealer(Map.of((byte) 1, OLD, (byte) 2, NEW), (byte) 2);
    assertEquals("kept", both.open("c", old));
    byte[] sealedNow = both.seal("c", "new");
    assertEquals(2, sealedNow[0]);
    assertThrows(CryptoException.class, () -> sealer.open("c", sealedNow));
  }

  @Test
  void aShortKeyIsRefused() {
    Map<Byte, byte[]> keys = Map.of((byte) 1, new byte[16]);
    assertThrows(IllegalArgumentException.class, () -> new Sealer(keys, (byte) 1));
  }

  @Test
  void aBlindIndexIsStableAndSeparatesPurposesAndKeys() {
    BlindIndex index = new BlindIndex(base64(OLD));
    assertEquals(index.hex("a", "v"), new BlindIndex(base64(OLD)).hex("a", "v"));
    assertNotEquals(index.hex("a", "v"), index.hex("b", "v"));
    assertNotEquals(index.hex("a", "bc"), index.hex("ab", "c"));
    assertNotEquals(index.hex("a", "v"), new BlindIndex(base64(NEW)).hex("a", "v"));
    assertEquals(32, index.of("a", "v").length);
  }

  @Test
  void aSecretTokenHas256BitsAndNeverShowsInALog() {
    SecretToken token = SecretToken.make();
    assertEquals(43, token.text().length());
    assertNotEquals(token.text(), SecretToken.make().text());
    assertFalse(token.toString().contains(token.text()));
  }

  private static String base64(byte[] key) {
    return java.util.Base64.getEncoder().encodeToString(key);
  }

  private static byte[] filled(int with) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) with);
    return key;
  }
}
