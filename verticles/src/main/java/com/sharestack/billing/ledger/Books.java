package com.sharestack.billing.ledger;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Which book a journal stands in. The books are the locks of the ledger: more of them let more
 * creators be paid at once. Their number is part of the data and never changes for it.
 */
final class Books {

  static final int COUNT = 16;

  /** Book of the accounts that all books share. */
  static final int SHARED = -1;

  private Books() {}

  static int of(Journal journal) {
    return journal.creatorId() != 0 ? of(journal.creatorId()) : of(journal.ref());
  }

  static int of(long creatorId) {
    return (int) Math.floorMod(creatorId, (long) COUNT);
  }

  private static int of(String ref) {
    CRC32 crc = new CRC32();
    crc.update(ref.getBytes(StandardCharsets.US_ASCII));
    return (int) (crc.getValue() % COUNT);
  }

  /** The book whose lock protects the account's row when {@code book} posts to it. */
  static int ofAccount(Account account, int book) {
    return account.code().sharedByBooks() ? SHARED : book;
  }
}
