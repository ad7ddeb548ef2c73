package com.sharestack.billing.ledger;

/** Shows tests of other packages the statement whose plan they pin. */
public final class CreatorJournals {

  private CreatorJournals() {}

  public static String pageStatement() {
    return CreatorJournalRepository.PAGE;
  }
}
