package com.sharestack.billing.ledger;

import java.util.Locale;

/** The chart of accounts (section ledger.accounts of the billing contract). */
public enum AccountCode {
  /** Collected by a channel, not yet on our bank account; may be negative for a time. */
  CHANNEL_RECEIVABLE(Type.ASSET, Owner.CHANNEL, false),
  BANK_CASH(Type.ASSET, Owner.PLATFORM, false),
  /** What a creator owes after a refund of money already withdrawn or frozen. */
  CREATOR_RECEIVABLE(Type.ASSET, Owner.CREATOR, true),
  /** Received money that belongs to no order. */
  SUSPENSE(Type.LIABILITY, Owner.CHANNEL, true),
  /** Earned, still in the hold. */
  CREATOR_PENDING(Type.LIABILITY, Owner.CREATOR, true),
  /** Withdrawable. */
  CREATOR_AVAILABLE(Type.LIABILITY, Owner.CREATOR, true),
  /** Inside open withdrawals. */
  CREATOR_FROZEN(Type.LIABILITY, Owner.CREATOR, true),
  /** Approved refunds that the channel has not confirmed. */
  REFUND_PAYABLE(Type.LIABILITY, Owner.CHANNEL, true),
  /** Withheld income tax. */
  TAX_PAYABLE(Type.LIABILITY, Owner.PLATFORM, false),
  VAT_OUTPUT_PAYABLE(Type.LIABILITY, Owner.PLATFORM, false),
  /** The platform's part F + R of a sale, tax included until vat_accrued. */
  PLATFORM_FEE_INCOME(Type.INCOME, Owner.PLATFORM, false),
  PAYOUT_FEE_INCOME(Type.INCOME, Owner.PLATFORM, false),
  CHANNEL_FEE_EXPENSE(Type.EXPENSE, Owner.PLATFORM, false),
  /** What the bank charges for a transfer. */
  PAYOUT_COST_EXPENSE(Type.EXPENSE, Owner.PLATFORM, false),
  /** Platform-funded discounts. */
  MARKETING_EXPENSE(Type.EXPENSE, Owner.PLATFORM, false),
  VAT_EXPENSE(Type.EXPENSE, Owner.PLATFORM, false),
  BAD_DEBT_EXPENSE(Type.EXPENSE, Owner.PLATFORM, false);

  /** Kind of account, as the trial balance shows it. */
  public enum Type {
    ASSET,
    LIABILITY,
    INCOME,
    EXPENSE;

    public String literal() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whose balance it is. */
  public enum Owner {
    PLATFORM,
    CHANNEL,
    CREATOR
  }

  private final Type type;
  private final Owner owner;
  private final boolean guarded;

  AccountCode(Type type, Owner owner, boolean guarded) {
    this.type = type;
    this.owner = owner;
    this.guarded = guarded;
  }

  /** As stored and shown. */
  public String literal() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException for a literal that no account has
   */
  public static AccountCode of(String literal) {
    return valueOf(literal.toUpperCase(Locale.ROOT));
  }

  public Type type() {
    return type;
  }

  public Owner owner() {
    return owner;
  }

  /** Whether the database refuses a balance below zero. */
  public boolean guarded() {
    return guarded;
  }

  /** The direction that raises the balance. */
  public Side normalSide() {
    return type == Type.ASSET || type == Type.EXPENSE ? Side.D : Side.C;
  }

  /** One row for all books: a guarded balance cannot be divided, and no creator ties it to one. */
  boolean sharedByBooks() {
    return guarded && owner == Owner.CHANNEL;
  }
}
