package com.sharestack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What SQL of this project must not use, because MySQL or MariaDB does not know it. */
final class SqlDialect {

  static final String CONCATENATION = "concatenated value";

  /** Rule -> its pattern, over a statement without comments and texts. */
  static final Map<String, Pattern> RULES = rules();

  private static final Pattern COMMENTS_AND_TEXTS =
      Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'|--[^\\n]*|/\\*.*?\\*/|#[^\\n]*", Pattern.DOTALL);

  /** Where a value stands, before the hole that would hold it. */
  private static final Pattern VALUE_POSITION =
      Pattern.compile(
          ".*(['=<>]|\\b(LIKE|LIMIT|OFFSET|BETWEEN|INTERVAL|AGAINST\\s*\\()|\\bVALUES\\s*\\()\\s*",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  private static final Pattern LIST_POSITION =
      Pattern.compile(".*\\bIN\\s*\\(\\s*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  /** Constants of the code, alone or added up. */
  private static final Pattern CONSTANT =
      Pattern.compile("[(]*(\\w+\\.)*[A-Z][A-Z0-9_]+([ +*\\d()]|[A-Z][A-Z0-9_]+)*");

  private static final Pattern MARKS = Pattern.compile("marks", Pattern.CASE_INSENSITIVE);
  private static final Pattern HOLE = Pattern.compile("⟨(.*?)⟩|%(\\d\\$)?[sd]", Pattern.DOTALL);

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
        if (holdsValues(expression)) {
          findings.add(CONCATENATION + ": " + shown(expression.text()));
        }
      }
    }
    return findings;
  }

  /** Names of columns and clauses may be put together; where a value stands there is a mark. */
  private static boolean holdsValues(JavaStrings.Expression expression) {
    boolean formatsMarks = expression.holes().stream().anyMatch(h -> MARKS.matcher(h).find());
    Matcher hole = HOLE.matcher(expression.text());
    while (hole.find()) {
      String before = expression.text().substring(0, hole.start());
      String held = hole.group(1) == null ? "" : hole.group(1);
      boolean harmless = CONSTANT.matcher(held).matches() || MARKS.matcher(held).find();
      // a template without arguments is judged where it is formatted
      boolean list = LIST_POSITION.matcher(before).matches() && !expression.holes().isEmpty();
      if (!harmless && (VALUE_POSITION.matcher(before).matches() || (list && !formatsMarks))) {
        return true;
      }
    }
    return false;
  }

  private static String plain(String sql) {
    return COMMENTS_AND_TEXTS.matcher(sql).replaceAll("''");
  }

  private static String shown(String statement) {
    String line = statement.strip().replaceAll("\\s+", " ");
    return line.substring(0, Math.min(160, line.length()));
  }
}
