package com.sharestack.billing.purchases;

import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.SaleTerms;
import com.sharestack.platform.errors.Errors;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The pure rules of buying (entry purchases.create). */
final class PurchaseRules {

  /** Unpaid after this the order is closed. */
  static final Duration UNPAID_LIFE = Duration.ofHours(24);

  /** Longest description of a payment, in code points. */
  private static final int DESCRIPTION = 128;

  private PurchaseRules() {}

  /** When bought access ends; null = never. */
  static Instant accessEnd(Instant paidAt, int accessDays) {
    return accessDays == 0 ? null : paidAt.plus(Duration.ofDays(accessDays));
  }

  /**
   * @param terms empty for an unknown article
   * @param access the verdict of the access engine about the buyer
   * @param force buy although the article is open to him already
   * @throws io.vertx.serviceproxy.ServiceException NOT_FOUND, SELF_PURCHASE_NOT_ALLOWED,
   *     ALREADY_OWNED, NOT_FOR_SALE
   */
  static SaleTerms requireBuyable(
      long userId, Optional<SaleTerms> terms, AccessDecision access, boolean force) {
    SaleTerms offered = terms.filter(known -> access.found()).orElseThrow(PurchaseRules::notFound);
    if (offered.authorId() == userId) {
      throw Errors.of(ErrorCode.SELF_PURCHASE_NOT_ALLOWED);
    }
    AccessSource source = access.access().allowed() ? access.access().source() : null;
    if (source == AccessSource.PURCHASED) {
      throw Errors.of(ErrorCode.ALREADY_OWNED, "source", source.literal());
    }
    if (!offered.forSale()) {
      throw Errors.of(ErrorCode.NOT_FOR_SALE);
    }
    boolean covered = source == AccessSource.SUBSCRIPTION || source == AccessSource.GRANTED;
    if (covered && !force) {
      throw Errors.of(ErrorCode.ALREADY_OWNED, "source", source.literal());
    }
    return offered;
  }

  private static RuntimeException notFound() {
    return Errors.of(ErrorCode.NOT_FOUND, "resource", "article");
  }

  /** What the payer sees at the channel. */
  static String description(String title) {
    return title.codePointCount(0, title.length()) <= DESCRIPTION
        ? title
        : title.substring(0, title.offsetByCodePoints(0, DESCRIPTION));
  }
}
