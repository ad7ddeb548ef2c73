package com.sharestack.platform.crypto;

/** A sealed value was altered, belongs to another column, or its key is not here. */
public final class CryptoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CryptoException(String message, Throwable cause) {
    super(message, cause);
  }
}
