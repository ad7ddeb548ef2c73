package com.sharestack.platform.config;

/** The configuration cannot be used; the message is one sentence that says what to do. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String sentence) {
    super(sentence);
  }
}
