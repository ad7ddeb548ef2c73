package com.sharestack.content.text;

/** How a text was authored (contract: {@code content_format}). */
public enum TextFormat {
  MARKDOWN,
  HTML
}
