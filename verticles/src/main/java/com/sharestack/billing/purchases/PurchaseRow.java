package com.sharestack.billing.purchases;

import com.sharestack.billing.pricing.Price;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.PurchaseStatus;
import java.time.Instant;

/**
 * A purchase as stored.
 *
 * @param publicId the pur_ id
 * @param article snapshot of the order
 * @param couponCode upper case, null without
 * @param unpaidUntil until when it may be paid
 * @param accessExpiresAt null = for good, or not paid
 * @param openedAt when the text was first handed out past its preview, null before
 */
record PurchaseRow(
    long id,
    String publicId,
    long userId,
    Article article,
    Price price,
    String couponCode,
    PurchaseStatus status,
    Instant unpaidUntil,
    Instant purchasedAt,
    Instant accessExpiresAt,
    Instant openedAt,
    Instant createdAt) {

  /**
   * What is bought.
   *
   * @param accessDays 0 = for good
   */
  record Article(
      long id, long creatorId, String title, ContentType type, String coverImage, int accessDays) {}

  boolean pending() {
    return status == PurchaseStatus.PENDING_PAYMENT;
  }

  boolean active() {
    return status == PurchaseStatus.ACTIVE;
  }

  /** Whether it opens the article now; the row may not say yet that it ended. */
  boolean opens(Instant now) {
    return active() && (accessExpiresAt == null || now.isBefore(accessExpiresAt));
  }

  /** Whether money for it is still welcome. */
  boolean awaits(Instant now) {
    return pending() && now.isBefore(unpaidUntil);
  }

  PurchaseStatus shownStatus(Instant now) {
    return active() && !opens(now) ? PurchaseStatus.EXPIRED : status;
  }
}
