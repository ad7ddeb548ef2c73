package com.sharestack.billing.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * The two hashes of a journal. Canonical content is ASCII text of one fact per line; no fact can
 * hold a line break, so different journals never give the same text.
 */
final class LedgerHash {

  /** The predecessor of the first journal of every book. */
  static final byte[] GENESIS = new byte[32];

  private static final String CURRENCY = "CNY";

  private LedgerHash() {}

  /**
   * What the event says: type, ref, creator and lines. Equal for a repetition, whenever it comes.
   */
  static byte[] content(Journal journal) {
    return sha256(new byte[0], identity(journal));
  }

  /** Ties a journal to its place and to everything before it. */
  static byte[] chained(byte[] previous, int book, long seq, Instant postedAt, Journal journal) {
    String place =
        "book %d\nseq %d\noccurred %s\nposted %s\n"
            .formatted(book, seq, journal.occurredAt().toEpochMilli(), postedAt.toEpochMilli());
    return sha256(previous, place + identity(journal));
  }

  private static String identity(Journal journal) {
    StringBuilder text = new StringBuilder(256);
    text.append("v1\ntype ").append(journal.type().literal());
    text.append("\nref ").append(journal.ref());
    text.append("\ncurrency ").append(CURRENCY);
    text.append("\ncreator ").append(journal.creatorId()).append('\n');
    for (Line line : journal.lines()) {
      Account account = line.account();
      text.append(line.side()).append(' ').append(account.code().literal());
      text.append(' ').append(account.channel().isEmpty() ? "-" : account.channel());
      text.append(' ').append(account.creatorId());
      text.append(' ').append(line.amountFen()).append('\n');
    }
    return text.toString();
  }

  private static byte[] sha256(byte[] previous, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(previous);
      return digest.digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
