package com.sharestack.billing.payments;

import com.sharestack.platform.crypto.Sealer;

/**
 * The payments of this process, wired once. Orders are added to {@code parts.kinds()} by the
 * packages that own them.
 */
public record PaymentCore(
    PaymentParts parts,
    Settlement settlement,
    RefundSettlement refundSettlement,
    RefundDesk desk,
    ChannelCalls calls,
    PaymentOpening opening,
    NoticeIntake notices,
    PaymentChecks checks,
    RefundRuns refundRuns) {

  public static PaymentCore of(PaymentParts parts, Sealer sealer) {
    RefundDesk desk =
        new RefundDesk(parts.payments(), parts.refunds(), parts.kinds(), parts.earnings());
    Settlement settlement = new Settlement(parts, desk);
    RefundSettlement refundSettlement = new RefundSettlement(parts);
    ChannelCalls calls = new ChannelCalls(parts, settlement);
    return new PaymentCore(
        parts,
        settlement,
        refundSettlement,
        desk,
        calls,
        new PaymentOpening(parts, calls, settlement),
        new NoticeIntake(parts, settlement, refundSettlement, sealer),
        new PaymentChecks(parts, calls),
        new RefundRuns(parts, refundSettlement));
  }
}
