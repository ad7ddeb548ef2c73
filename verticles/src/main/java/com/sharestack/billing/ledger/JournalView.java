package com.sharestack.billing.ledger;

import java.time.Instant;
import java.util.List;

/** A journal as it was posted, for those who read the books. */
public record JournalView(
    long journalId,
    JournalType type,
    String ref,
    Instant occurredAt,
    Instant postedAt,
    List<Line> lines) {

  /** What the journal did to a kind of account, in its normal direction. */
  public long netFen(AccountCode code) {
    long net = 0;
    for (Line line : lines) {
      if (line.account().code() == code) {
        net += line.side() == code.normalSide() ? line.amountFen() : -line.amountFen();
      }
    }
    return net;
  }

  /** The channel whose accounts the journal touches; empty for none. */
  public String channel() {
    return lines.stream()
        .map(line -> line.account().channel())
        .filter(channel -> !channel.isEmpty())
        .findFirst()
        .orElse("");
  }
}
