package com.sharestack.platform.storage;

/** The store answered, and said no. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  StorageException(String action, int status, String code) {
    super("storage: " + action + " was refused: " + status + " " + code, null, false, false);
    this.status = status;
    this.code = code;
  }

  /** HTTP status of the answer. */
  public int status() {
    return status;
  }

  /** The protocol's error code, such as NoSuchKey; empty when the answer had none. */
  public String code() {
    return code;
  }
}
