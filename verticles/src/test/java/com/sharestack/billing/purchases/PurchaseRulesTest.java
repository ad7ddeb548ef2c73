package com.sharestack.billing.purchases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sharestack.contract.AccessDecision;
import com.sharestack.contract.AccessInfo;
import com.sharestack.contract.AccessReason;
import com.sharestack.contract.AccessSource;
import com.sharestack.contract.ContentType;
import com.sharestack.contract.SaleTerms;
import io.vertx.serviceproxy.ServiceException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PurchaseRulesTest {

  private static final Instant PAID = Instant.parse("2026-11-29T08:00:00Z");

  private static Optional<SaleTerms> terms(boolean forSale) {
    return Optional.of(
        SaleTerms.builder()
            .articleId(1L)
            .authorId(7L)
            .title("文章")
            .contentType(ContentType.ARTICLE)
            .forSale(forSale)
            .price(new BigDecimal("29.90"))
            .accessDays(0)
            .build());
  }

  private static AccessDecision open(AccessSource source) {
    return AccessDecision.builder()
        .found(true)
        .access(
            new AccessInfo(
                source != null,
                source,
                source == null ? AccessReason.PURCHASE_REQUIRED : null,
                null))
        .build();
  }

  private static String outcome(
      long user, Optional<SaleTerms> terms, AccessDecision access, boolean force) {
    try {
      PurchaseRules.requireBuyable(user, terms, access, force);
      return "buyable";
    } catch (ServiceException refused) {
      return refused.getMessage();
    }
  }

  @Test
  void anUnknownOrHiddenArticleIsNotFound() {
    assertEquals("NOT_FOUND", outcome(1, Optional.empty(), open(null), false));
    AccessDecision hidden = AccessDecision.builder().found(false).build();
    assertEquals("NOT_FOUND", outcome(1, terms(true), hidden, true));
  }

  @Test
  void nobodyBuysFromHimself() {
    assertEquals(
        "SELF_PURCHASE_NOT_ALLOWED", outcome(7, terms(true), open(AccessSource.AUTHOR), true));
  }

  @Test
  void whatIsNotForSaleIsNotSoldAndForceDoesNotHelp() {
    assertEquals("NOT_FOR_SALE", outcome(1, terms(false), open(AccessSource.FREE), true));
  }

  @Test
  void whatASubscriptionOrAGrantOpensIsBoughtByForceOnly() {
    for (AccessSource source :
        new AccessSource[] {AccessSource.SUBSCRIPTION, AccessSource.GRANTED}) {
      assertEquals("ALREADY_OWNED", outcome(1, terms(true), open(source), false));
      assertEquals("buyable", outcome(1, terms(true), open(source), true));
    }
  }

  @Test
  void whatIsBoughtIsNotBoughtAgainNotEvenByForce() {
    assertEquals("ALREADY_OWNED", outcome(1, terms(true), open(AccessSource.PURCHASED), true));
    assertEquals("ALREADY_OWNED", outcome(1, terms(false), open(AccessSource.PURCHASED), true));
  }

  @Test
  void accessLastsForGoodOrSoManyDays() {
    assertNull(PurchaseRules.accessEnd(PAID, 0));
    assertEquals(Instant.parse("2026-12-29T08:00:00Z"), PurchaseRules.accessEnd(PAID, 30));
  }

  @Test
  void aDescriptionIsCutBetweenCharactersNotWithin() {
    assertEquals("文章", PurchaseRules.description("文章"));
    String cut = PurchaseRules.description("𠀀".repeat(200));
    assertEquals(128, cut.codePointCount(0, cut.length()));
    assertEquals("𠀀".repeat(128), cut);
    assertThrows(NullPointerException.class, () -> PurchaseRules.description(null));
  }
}
