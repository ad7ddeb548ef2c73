package com.sharestack.social;

import com.sharestack.platform.db.Tx;
import java.time.Duration;
import java.time.Instant;

/**
 * Step 4 of the pipeline: the same text by the same author within ten minutes, or the third time
 * nearly the same within a day, is spam. The author's log is locked, so two at once are seen.
 */
final class CopyTest {

  private static final Duration SAME = Duration.ofMinutes(10);
  private static final Duration ALIKE = Duration.ofHours(24);
  private static final int ALIKE_BEFORE = 3;

  /** Newest texts that are compared; each has to be decrypted. */
  private static final int COMPARED = 50;

  private final MessageRepository messages;
  private final Vault vault;

  CopyTest(MessageRepository messages, Vault vault) {
    this.messages = messages;
    this.vault = vault;
  }

  boolean isCopy(Tx tx, long sender, String normal, Instant now) {
    int length = MessageText.length(normal);
    if (length < MessageText.SHORTEST_COPY) {
      return false;
    }
    if (messages.hasCopy(tx, sender, vault.textKey(normal), now.minus(SAME))) {
      return true;
    }
    return length >= MessageText.SHORTEST_LIKENESS
        && messages.latestTexts(tx, sender, now.minus(ALIKE), COMPARED).stream()
                .map(row -> vault.open(row.dataKey(), sender, row.clientMsgId(), row.content()))
                .filter(text -> MessageText.alike(normal, MessageText.normal(text)))
                .limit(ALIKE_BEFORE)
                .count()
            == ALIKE_BEFORE;
  }
}
