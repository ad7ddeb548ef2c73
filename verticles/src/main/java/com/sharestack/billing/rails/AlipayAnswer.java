package com.sharestack.billing.rails;

/**
 * The members of an answer as their raw text. The signature covers the text of the inner object as
 * it was sent, so it is cut out, never parsed and written again.
 *
 * @param node raw text of the answer's object
 * @param error whether that is {@code error_response}
 * @param sign null when the answer has none
 */
record AlipayAnswer(String node, boolean error, String sign) {

  /**
   * @param name of the method's answer, such as {@code alipay_trade_query_response}
   * @throws Wire.Malformed unless the text is one object holding the answer exactly once
   */
  static AlipayAnswer read(String text, String name) {
    return new Scanner(text, name).answer();
  }

  /** Walks the outer object only; inner text is skipped with regard to strings and nesting. */
  private static final class Scanner {
    private final String text;
    private final String name;
    private int at;
    private String node;
    private boolean error;
    private String sign;

    Scanner(String text, String name) {
      this.text = text;
      this.name = name;
    }

    AlipayAnswer answer() {
      expect('{');
      do {
        String key = string();
        expect(':');
        member(key, value());
      } while (more());
      blanks();
      if (at != text.length() || node == null) {
        throw new Wire.Malformed("no answer of the gateway");
      }
      return new AlipayAnswer(node, error, sign);
    }

    private void member(String key, String raw) {
      boolean failed = key.equals("error_response");
      if (failed || key.equals(name)) {
        if (node != null) {
          throw new Wire.Malformed("two answers in one");
        }
        node = raw;
        error = failed;
      } else if (key.equals("sign")) {
        if (sign != null || raw.length() < 2 || raw.charAt(0) != '"') {
          throw new Wire.Malformed("no usable signature");
        }
        sign = raw.substring(1, raw.length() - 1).replace("\\/", "/");
      }
    }

    private boolean more() {
      blanks();
      char next = next();
      if (next != ',' && next != '}') {
        throw new Wire.Malformed("unexpected text between members");
      }
      return next == ',';
    }

    private String value() {
      blanks();
      int from = at;
      int depth = 0;
      do {
        char c = peek();
        if (c == '"') {
          string();
        } else if (depth == 0 && (c == ',' || c == '}')) {
          break;
        } else {
          depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
          at++;
        }
      } while (depth > 0 || !ends());
      return text.substring(from, at).strip();
    }

    private boolean ends() {
      char c = peek();
      return c == ',' || c == '}';
    }

    private String string() {
      blanks();
      expect('"');
      int from = at;
      while (peek() != '"') {
        at += peek() == '\\' ? 2 : 1;
      }
      return text.substring(from, at++);
    }

    private void expect(char wanted) {
      blanks();
      if (next() != wanted) {
        throw new Wire.Malformed("expected " + wanted);
      }
    }

    private char next() {
      char c = peek();
      at++;
      return c;
    }

    private char peek() {
      if (at >= text.length()) {
        throw new Wire.Malformed("the answer ends early");
      }
      return text.charAt(at);
    }

    private void blanks() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }
  }
}
