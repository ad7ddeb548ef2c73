package com.sharestack.content.text;

/**
 * A text that breaks a limit of the renderer; the author's input is at fault, nothing was stored.
 */
public final class UnrenderableText extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Which limit was broken. */
  public enum Reason {
    TOO_LARGE("内容超过 1 MiB 限制"),
    TOO_DEEP("内容嵌套层级过深"),
    TOO_COMPLEX("内容结构过于复杂，无法渲染");

    private final String message;

    Reason(String message) {
      this.message = message;
    }
  }

  private final Reason reason;

  public UnrenderableText(Reason reason) {
    super(reason.message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
