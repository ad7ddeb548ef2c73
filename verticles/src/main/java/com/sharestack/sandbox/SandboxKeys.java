package com.sharestack.sandbox;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Who signs what between us and the twin: an own pair per side and rail, made on this machine and
 * worth nothing anywhere else. What the merchant (our node) configures is public here.
 */
public final class SandboxKeys {

  public static final String WECHAT_APP_ID = "wx5a6d626f78000001";
  public static final String MERCHANT_ID = "1900000001";
  public static final String MERCHANT_SERIAL = "5A5D626F7800000000000000000000000000CAFE";
  public static final String ALIPAY_APP_ID = "2021000000000001";
  public static final String SELLER_ID = "2088000000000001";
  static final String PLATFORM_ID = "PUB_KEY_ID_0119000000012026010100000000000001";
  static final String NEXT_PLATFORM_ID = "PUB_KEY_ID_0119000000012026070100000000000002";
  private static final String FILE = "sandbox-keys.properties";

  private final Map<String, KeyPair> pairs;
  private final String apiV3Key;

  private SandboxKeys(Map<String, KeyPair> pairs, String apiV3Key) {
    this.pairs = pairs;
    this.apiV3Key = apiV3Key;
  }

  /** New keys, in memory only. */
  public static SandboxKeys generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      Map<String, KeyPair> pairs = new TreeMap<>();
      for (String name : new String[] {"merchant", "platform", "next-platform", "app", "alipay"}) {
        pairs.put(name, generator.generateKeyPair());
      }
      byte[] key = new byte[16];
      new SecureRandom().nextBytes(key);
      return new SandboxKeys(pairs, HexFormat.of().formatHex(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The keys kept in {@code folder}, made at the first call; readable by the owner only. */
  public static SandboxKeys loadOrCreate(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      if (Files.exists(file)) {
        return load(file);
      }
      SandboxKeys made = generate();
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, FILE, ".tmp");
      made.save(draft);
      Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("the sandbox's keys in " + file, e);
    }
  }

  private void save(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    Properties text = new Properties();
    Base64.Encoder base64 = Base64.getEncoder();
    pairs.forEach(
        (name, pair) -> {
          text.put(name + ".private", base64.encodeToString(pair.getPrivate().getEncoded()));
          text.put(name + ".public", base64.encodeToString(pair.getPublic().getEncoded()));
        });
    text.put("api-v3-key", apiV3Key);
    try (Writer writer = Files.newBufferedWriter(file)) {
      text.store(writer, "keys of the local sandbox; delete the file to have new ones");
    }
  }

  private static SandboxKeys load(Path file) throws IOException {
    Properties text = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      text.load(reader);
    }
    try {
      KeyFactory keys = KeyFactory.getInstance("RSA");
      Base64.Decoder base64 = Base64.getDecoder();
      Map<String, KeyPair> pairs = new TreeMap<>();
      for (String name : new String[] {"merchant", "platform", "next-platform", "app", "alipay"}) {
        byte[] open = base64.decode(text.getProperty(name + ".public", ""));
        byte[] secret = base64.decode(text.getProperty(name + ".private", ""));
        pairs.put(
            name,
            new KeyPair(
                keys.generatePublic(new X509EncodedKeySpec(open)),
                keys.generatePrivate(new PKCS8EncodedKeySpec(secret))));
      }
      return new SandboxKeys(pairs, text.getProperty("api-v3-key"));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(file + " is damaged: delete it to have new keys");
    }
  }

  /** WeChat merchant API key: signs our calls. */
  public PrivateKey merchantKey() {
    return pairs.get("merchant").getPrivate();
  }

  /** 32 characters. */
  public String apiV3Key() {
    return apiV3Key;
  }

  /** Keys the merchant accepts WeChat's signatures of, by id: the present and the coming one. */
  public Map<String, PublicKey> platformKeys() {
    Map<String, PublicKey> keys = new java.util.LinkedHashMap<>();
    keys.put(PLATFORM_ID, pairs.get("platform").getPublic());
    keys.put(NEXT_PLATFORM_ID, pairs.get("next-platform").getPublic());
    return keys;
  }

  /** Alipay application key: signs our calls. */
  public PrivateKey appKey() {
    return pairs.get("app").getPrivate();
  }

  /** Key the merchant accepts Alipay's signatures of. */
  public PublicKey alipayPublicKey() {
    return pairs.get("alipay").getPublic();
  }

  PublicKey merchantPublicKey() {
    return pairs.get("merchant").getPublic();
  }

  PrivateKey platformKey(String id) {
    return pairs.get(id.equals(NEXT_PLATFORM_ID) ? "next-platform" : "platform").getPrivate();
  }

  PublicKey appPublicKey() {
    return pairs.get("app").getPublic();
  }

  PrivateKey alipayKey() {
    return pairs.get("alipay").getPrivate();
  }
}
