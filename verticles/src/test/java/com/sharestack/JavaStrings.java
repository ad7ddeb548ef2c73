package com.sharestack;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The string expressions of a Java source: literals and text blocks joined by {@code +}, with what
 * is not a literal in between. Comments and characters are passed over.
 */
final class JavaStrings {

  private static final Pattern SQL =
      Pattern.compile(
          "^\\s*(SELECT|INSERT( IGNORE)? INTO|UPDATE|DELETE|REPLACE INTO|CREATE|ALTER|DROP|WITH|SET"
              + " SESSION)\\b.*",
          Pattern.DOTALL);

  /** Some SQL: with its own words, so that "Update the row" of a message is none. */
  private static final Pattern MORE =
      Pattern.compile("\\b(FROM|INTO|SET|TABLE|INDEX|AS)\\b|^\\s*SELECT\\b");

  /**
   * One expression.
   *
   * @param text literals joined; {@code ⟨expression⟩} where something else stands
   * @param holes what stands there
   */
  record Expression(String text, List<String> holes) {
    boolean isStatement() {
      return SQL.matcher(text).matches() && MORE.matcher(text).find();
    }
  }

  private final String source;
  private final List<Expression> expressions = new ArrayList<>();
  private int at;

  private JavaStrings(String source) {
    this.source = source;
  }

  static JavaStrings of(String source) {
    JavaStrings strings = new JavaStrings(source);
    strings.read();
    return strings;
  }

  List<Expression> expressions() {
    return expressions;
  }

  List<String> statements() {
    return expressions.stream().filter(Expression::isStatement).map(Expression::text).toList();
  }

  private void read() {
    while (at < source.length()) {
      if (!skipped()) {
        if (source.charAt(at) == '"') {
          expressions.add(expression());
        } else {
          at++;
        }
      }
    }
  }

  /** Passes over a comment or a character literal. */
  private boolean skipped() {
    if (source.startsWith("//", at)) {
      at = end(source.indexOf('\n', at));
    } else if (source.startsWith("/*", at)) {
      at = end(source.indexOf("*/", at + 2) + 2);
    } else if (source.charAt(at) == '\'') {
      at = source.indexOf('\'', at + (source.charAt(at + 1) == '\\' ? 3 : 2)) + 1;
    } else {
      return false;
    }
    return true;
  }

  private int end(int found) {
    return found < at ? source.length() : found;
  }

  /** From the first literal on, as long as {@code +} or {@code .formatted(} goes on. */
  private Expression expression() {
    StringBuilder text = new StringBuilder(literal());
    List<String> holes = new ArrayList<>();
    while (true) {
      space();
      if (source.startsWith(".formatted(", at)) {
        at += ".formatted(".length();
        holes.add(arguments());
        return new Expression(text.toString(), holes);
      }
      if (at >= source.length() || source.charAt(at) != '+') {
        return new Expression(text.toString(), holes);
      }
      at++;
      space();
      if (at < source.length() && source.charAt(at) == '"') {
        text.append(literal());
      } else {
        String hole = operand();
        holes.add(hole);
        text.append('⟨').append(hole).append('⟩');
      }
    }
  }

  private void space() {
    while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
      at++;
    }
  }

  /** What stands between two pluses: up to the end of this argument. */
  private String operand() {
    int start = at;
    int depth = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        if (depth-- == 0) {
          break;
        }
      } else if (depth == 0 && (c == '+' || c == ',' || c == ';')) {
        break;
      } else if (c == '"') {
        literal();
        continue;
      }
      at++;
    }
    return source.substring(start, at).strip();
  }

  /** Up to the parenthesis that closes the arguments. */
  private String arguments() {
    StringBuilder all = new StringBuilder();
    while (at < source.length() && source.charAt(at) != ')') {
      all.append(operand());
      if (at < source.length() && source.charAt(at) != ')') {
        all.append(source.charAt(at++));
      }
    }
    return all.toString();
  }

  private String literal() {
    if (source.startsWith("\"\"\"", at)) {
      int end = at + 3;
      while (!source.startsWith("\"\"\"", end)) {
        end += source.charAt(end) == '\\' ? 2 : 1;
      }
      String text = source.substring(at + 3, end);
      at = end + 3;
      return text;
    }
    int end = at + 1;
    while (source.charAt(end) != '"') {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    String text = source.substring(at + 1, end);
    at = end + 1;
    return text;
  }
}
