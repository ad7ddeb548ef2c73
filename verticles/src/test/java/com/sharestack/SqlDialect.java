package com.sharestack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What SQL of this project must not use, because MySQL or MariaDB does not know it. */
final class SqlDialect {

  static final String CONCATENATION = "concatenated value";

  /** Rule -> its pattern, over a statement without comments and texts. */
  static final Map<String, Pattern> RULES = rules();

  private static final Pattern COMMENTS_AND_TEXTS =
      Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'|--[^\\n]*|/\\*.*?\\*/|#[^\\n]*", Pattern.DOTALL);

  /** Holes that hold SQL: constants, lists of question marks, pieces chosen by the code. */
  private static final Pattern SQL_PIECE =
      Pattern.compile(
          "[A-Z][A-Z0-9_]*(\\.[A-Z][A-Z0-9_]*)?|([A-Z]\\w*\\.)?[A-Z][A-Z0-9_]+"
              + "|(Rows\\.)?marks\\(.*\\)"
              + "|\\w*(sql|Sql|columns|Columns|where|Where|order|Order|marks|Marks|predicate|conditions|clause|Clause)\\w*(\\(.*\\))?"
              + "|\\w+\\.(sql|columns|where|order|marks|toSql|orderBy|condition)\\(.*\\)",
          Pattern.DOTALL);

  private SqlDialect() {}

  private static Map<String, Pattern> rules() {
    Map<String, Pattern> rules = new LinkedHashMap<>();
    rule(rules, "->", "->");
    rule(rules, "MEMBER OF", "\\bMEMBER\\s+OF\\b");
    rule(rules, "RETURNING", "\\bRETURNING\\b");
    rule(rules, "LATERAL", "\\bLATERAL\\b");
    rule(rules, "FOR SHARE", "\\bFOR\\s+SHARE\\b|\\bLOCK\\s+IN\\s+SHARE\\s+MODE\\b");
    rule(rules, "FOR UPDATE OF", "\\bFOR\\s+UPDATE\\s+OF\\b");
    rule(rules, "ANY_VALUE", "\\bANY_VALUE\\s*\\(");
    rule(rules, "REGEXP_LIKE", "\\bREGEXP_LIKE\\s*\\(");
    rule(rules, "BIN_TO_UUID", "\\b(BIN_TO_UUID|UUID_TO_BIN)\\s*\\(");
    rule(rules, "VALUES ROW", "\\bVALUES\\s+ROW\\s*\\(");
    rule(rules, "row alias", "\\)\\s*AS\\s+\\w+(\\s*\\([^)]*\\))?\\s+ON\\s+DUPLICATE\\s+KEY\\b");
    rule(rules, "IF NOT EXISTS", "\\b(COLUMN|INDEX|KEY|CONSTRAINT)\\s+IF\\s+(NOT\\s+)?EXISTS\\b");
    rule(
        rules,
        "functional index",
        "\\b(INDEX|KEY)\\s+(\\w+\\s+)?(ON\\s+\\w+\\s*)?\\(\\s*(\\w+\\s*(\\(\\d+\\))?\\s*,\\s*)*\\(");
    rule(rules, "invisible index", "\\bINVISIBLE\\b");
    rule(rules, "ngram parser", "\\bWITH\\s+PARSER\\b");
    rule(
        rules,
        "server clock",
        "\\b(NOW|SYSDATE|CURDATE|CURTIME|LOCALTIME)\\s*\\(|\\bCURRENT_(TIMESTAMP|DATE|TIME)\\b"
            + "|\\bUTC_(TIMESTAMP|DATE|TIME)\\b|\\bLOCALTIMESTAMP\\b|\\bUNIX_TIMESTAMP\\s*\\(\\s*\\)");
    rule(rules, "SELECT *", "\\bSELECT\\s+(DISTINCT\\s+)?(\\w+\\.)?\\*|,\\s*\\w+\\.\\*");
    return rules;
  }

  private static void rule(Map<String, Pattern> rules, String name, String pattern) {
    rules.put(name, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE));
  }

  /** Findings in a file of statements: "rule: statement". */
  static List<String> ofFile(String sql) {
    List<String> findings = new ArrayList<>();
    for (String statement : plain(sql).split(";")) {
      RULES.forEach(
          (rule, pattern) -> {
            if (pattern.matcher(statement).find()) {
              findings.add(rule + ": " + shown(statement));
            }
          });
    }
    return findings;
  }

  /** Findings in the statements of a Java source. */
  static List<String> ofJava(String source) {
    List<String> findings = new ArrayList<>();
    for (JavaStrings.Expression expression : JavaStrings.of(source).expressions()) {
      if (expression.isStatement()) {
        findings.addAll(ofFile(expression.text()));
        if (expression.holes().stream().anyMatch(hole -> !SQL_PIECE.matcher(hole).matches())) {
          findings.add(CONCATENATION + ": " + shown(expression.text()));
        }
      }
    }
    return findings;
  }

  private static String plain(String sql) {
    return COMMENTS_AND_TEXTS.matcher(sql).replaceAll("''");
  }

  private static String shown(String statement) {
    String line = statement.strip().replaceAll("\\s+", " ");
    return line.substring(0, Math.min(160, line.length()));
  }
}
