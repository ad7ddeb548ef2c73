package com.sharestack.billing.rails;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A downloaded bill. Packed in memory; unpacked only as a stream, so a long bill costs no heap. */
public final class BillFile {

  private static final Charset GBK = Charset.forName("GB18030");
  private static final int MAX_ENTRIES = 16;

  private final Channel channel;
  private final byte[] packed;
  private final long maxTextBytes;

  private BillFile(Channel channel, byte[] packed, long maxTextBytes) {
    this.channel = channel;
    this.packed = packed;
    this.maxTextBytes = maxTextBytes;
  }

  static BillFile wechat(byte[] gzip, long maxTextBytes) {
    return new BillFile(Channel.WECHAT, gzip, maxTextBytes);
  }

  static BillFile alipay(byte[] zip, long maxTextBytes) {
    return new BillFile(Channel.ALIPAY, zip, maxTextBytes);
  }

  public Channel channel() {
    return channel;
  }

  /** As it was downloaded, to be kept as evidence. */
  public byte[] packed() {
    return packed.clone();
  }

  /**
   * Blocking. Hands over every line in the file's order, then compares the file's totals.
   *
   * @throws BillException when the file cannot be relied on; lines handed over are void then
   */
  public BillTotals read(Consumer<BillLine> lines) throws BillException {
    try (InputStream text = open()) {
      Charset charset = channel == Channel.WECHAT ? StandardCharsets.UTF_8 : GBK;
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(
                  text,
                  charset
                      .newDecoder()
                      .onMalformedInput(CodingErrorAction.REPORT)
                      .onUnmappableCharacter(CodingErrorAction.REPORT)));
      return channel == Channel.WECHAT
          ? new WechatBill(reader).read(lines)
          : new AlipayBill(reader).read(lines);
    } catch (IOException e) {
      throw new BillException("the bill does not unpack", e);
    } catch (Wire.Malformed e) {
      throw new BillException(e.getMessage(), e);
    }
  }

  /** Hex SHA-1 of the unpacked text: what WeChat's {@code hash_value} is made of. */
  String sha1() throws IOException {
    try (InputStream text = open()) {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      new DigestInputStream(text, digest).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private InputStream open() throws IOException {
    InputStream bytes = new ByteArrayInputStream(packed);
    return new Limited(
        channel == Channel.WECHAT ? new GZIPInputStream(bytes) : detail(bytes), maxTextBytes);
  }

  /** The zip holds the lines and a summary; the name of the latter says so, in GBK. */
  private static InputStream detail(InputStream bytes) throws IOException {
    ZipInputStream zip = new ZipInputStream(bytes, GBK);
    for (int i = 0; i < MAX_ENTRIES; i++) {
      ZipEntry entry = zip.getNextEntry();
      if (entry == null) {
        break;
      }
      if (entry.getName().endsWith(".csv") && !entry.getName().contains("汇总")) {
        return zip;
      }
    }
    throw new IOException("no list of transactions in the zip");
  }

  /** A small file can unpack to any length: stop in time. */
  private static final class Limited extends InputStream {
    private final InputStream in;
    private long left;

    Limited(InputStream in, long max) {
      this.in = in;
      this.left = max;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = in.read(target, offset, length);
      count(Math.max(count, 0));
      return count;
    }

    private void count(int bytes) throws IOException {
      left -= bytes;
      if (left < 0) {
        throw new IOException("the bill unpacks to more than allowed");
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
