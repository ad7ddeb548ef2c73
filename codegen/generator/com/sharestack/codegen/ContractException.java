package com.sharestack.codegen;

/** The contract says something this project cannot build; the message is a sentence for people. */
final class ContractException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ContractException(String place, String sentence) {
    super(place + ": " + sentence);
  }
}
