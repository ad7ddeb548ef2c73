package com.sharestack.billing.ledger;

import com.sharestack.billing.ledger.AccountCode.Owner;
import com.sharestack.contract.PaymentMethod;

/**
 * One account, named by what it is and whose it is.
 *
 * @param channel literal of the payment method; empty unless the account is per channel
 * @param creatorId 0 unless the account is per creator
 */
public record Account(AccountCode code, String channel, long creatorId) {

  public Account {
    if (channel.isEmpty() == (code.owner() == Owner.CHANNEL)) {
      throw new IllegalArgumentException(code.literal() + " with channel '" + channel + "'");
    }
    if ((creatorId > 0) != (code.owner() == Owner.CREATOR) || creatorId < 0) {
      throw new IllegalArgumentException(code.literal() + " of creator " + creatorId);
    }
  }

  /** An account of the platform. */
  public static Account of(AccountCode code) {
    return new Account(code, "", 0);
  }

  /** An account kept per channel. */
  public static Account of(AccountCode code, PaymentMethod channel) {
    return new Account(code, channel.literal(), 0);
  }

  /** An account kept per creator. */
  public static Account of(AccountCode code, long creatorId) {
    return new Account(code, "", creatorId);
  }

  /** Channel or creator as the trial balance names the owner; null for the platform itself. */
  public String ownerId() {
    return switch (code.owner()) {
      case PLATFORM -> null;
      case CHANNEL -> channel;
      case CREATOR -> Long.toString(creatorId);
    };
  }
}
