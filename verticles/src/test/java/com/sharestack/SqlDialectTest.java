package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every statement of the project runs on MySQL 8/9 and on MariaDB 11.4: constructs that only one of
 * them knows are refused, and so are a few that both know and that we do not want.
 */
class SqlDialectTest {

  private static final Path SQL = Path.of("..", "sql");
  private static final Path SOURCES = Path.of("src", "main", "java", "com", "sharestack");

  private static List<Path> files(Path root, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static boolean holdsStatements(Path file) {
    String name = file.getFileName().toString();
    String folder = file.getParent().toString().replace('\\', '/');
    // Flyway and JDBC of the start-up ask information_schema; they are not statements of
    // repositories
    boolean startUp = name.equals("Migrations.java") || name.equals("SeedData.java");
    return !startUp && !folder.contains("platform/embedded");
  }

  @TestFactory
  Stream<DynamicTest> everySqlFileRunsOnBothServers() throws IOException {
    return files(SQL, ".sql").stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    SQL.relativize(file).toString(),
                    () -> assertEquals(List.of(), SqlDialect.ofFile(Files.readString(file)))));
  }

  @TestFactory
  Stream<DynamicTest> everyStatementInJavaRunsOnBothServers() throws IOException {
    return files(SOURCES, ".java").stream()
        .filter(SqlDialectTest::holdsStatements)
        .map(
            file ->
                DynamicTest.dynamicTest(
                    SOURCES.relativize(file).toString(),
                    () -> assertEquals(List.of(), SqlDialect.ofJava(Files.readString(file)))));
  }

  @Test
  void theStatementsAreFound() throws IOException {
    assertTrue(files(SQL, ".sql").size() >= 5);
    Path queue = SOURCES.resolve("platform/events/OutboxQueue.java");
    List<String> statements = JavaStrings.of(Files.readString(queue)).statements();
    assertEquals(4, statements.size(), statements.toString());
    assertTrue(statements.get(0).contains("FOR UPDATE SKIP LOCKED"));
  }

  /** Rule -> a statement that breaks it and no other. */
  private static final Map<String, String> BROKEN =
      Map.ofEntries(
          Map.entry("->", "SELECT extra->'$.a' FROM t"),
          Map.entry("MEMBER OF", "SELECT a FROM t WHERE 1 MEMBER OF (tags)"),
          Map.entry("RETURNING", "DELETE FROM t WHERE a = ? RETURNING b"),
          Map.entry("LATERAL", "SELECT a FROM t, LATERAL (SELECT b FROM u) x"),
          Map.entry("FOR SHARE", "SELECT a FROM t FOR SHARE"),
          Map.entry("FOR UPDATE OF", "SELECT a FROM t FOR UPDATE OF t"),
          Map.entry("ANY_VALUE", "SELECT ANY_VALUE(a) FROM t GROUP BY b"),
          Map.entry("REGEXP_LIKE", "SELECT a FROM t WHERE REGEXP_LIKE(a, 'x')"),
          Map.entry("BIN_TO_UUID", "SELECT BIN_TO_UUID(a) FROM t"),
          Map.entry("VALUES ROW", "SELECT a FROM (VALUES ROW(1), ROW(2)) x"),
          Map.entry(
              "row alias", "INSERT INTO t (a) VALUES (?) AS n ON DUPLICATE KEY UPDATE a = n.a"),
          Map.entry("IF NOT EXISTS", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT"),
          Map.entry("functional index", "CREATE INDEX ix_t ON t ((LOWER(a)))"),
          Map.entry("invisible index", "ALTER TABLE t ALTER INDEX ix_t INVISIBLE"),
          Map.entry("ngram parser", "CREATE FULLTEXT INDEX ft_t ON t (a) WITH PARSER ngram"),
          Map.entry("server clock", "UPDATE t SET a = NOW(3) WHERE b = ?"),
          Map.entry("SELECT *", "SELECT * FROM t WHERE a = ?"));

  @TestFactory
  Stream<DynamicTest> everyRuleBites() {
    return SqlDialect.RULES.keySet().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule,
                    () -> {
                      assertTrue(BROKEN.containsKey(rule), "no statement that breaks it");
                      assertEquals(List.of(rule), names(SqlDialect.ofFile(BROKEN.get(rule))));
                    }));
  }

  private static List<String> names(List<String> findings) {
    return findings.stream().map(finding -> finding.substring(0, finding.indexOf(": "))).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a FROM t FOR SHARE SKIP LOCKED",
        "SELECT a FROM t LOCK IN SHARE MODE",
      })
  void bothWaysToShareALockAreRefused(String sql) {
    assertEquals(List.of("FOR SHARE"), names(SqlDialect.ofFile(sql)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE t SET a = CURRENT_TIMESTAMP WHERE b = ?",
        "SELECT a FROM t WHERE b < UTC_TIMESTAMP(3)",
        "SELECT a FROM t WHERE b < SYSDATE()",
        "CREATE TABLE t (a DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3))",
        "SELECT CURDATE() AS d",
        "SELECT UNIX_TIMESTAMP() AS d",
      })
  void everyClockOfTheServerIsRefused(String sql) {
    assertEquals(List.of("server clock"), names(SqlDialect.ofFile(sql)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX IF NOT EXISTS ix_t ON t (a)",
        "ALTER TABLE t ADD INDEX IF NOT EXISTS ix_t (a)",
        "ALTER TABLE t DROP COLUMN IF EXISTS a",
      })
  void conditionsOnColumnsAndIndexesAreRefused(String sql) {
    assertEquals(List.of("IF NOT EXISTS"), names(SqlDialect.ofFile(sql)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE t (a INT, KEY ix_t ((a + 1)))",
        "CREATE TABLE t (a INT, UNIQUE KEY uk_t (b, (LOWER(a))))",
        "ALTER TABLE t ADD INDEX ix_t ((CAST(a->'$' AS UNSIGNED ARRAY)))",
      })
  void everyIndexOverAnExpressionIsRefused(String sql) {
    assertTrue(names(SqlDialect.ofFile(sql)).contains("functional index"), sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a FROM t ORDER BY a LIMIT ? OFFSET ?",
        "SELECT COUNT(*) AS n FROM t",
        "SELECT t.a, JSON_EXTRACT(extra, '$.a') AS b FROM t FOR UPDATE SKIP LOCKED",
        "INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES(a)",
        "CREATE TABLE t (a INT COMMENT 'NOW() -> RETURNING *', CHECK ((a = 1) = (b IS NULL)))",
        "SELECT a FROM t -- FOR SHARE would be wrong here\n WHERE a = ?",
        "SELECT a FROM t /* NOW() */ WHERE a = 'it''s NOW()'",
        "SELECT a, (SELECT MAX(b) FROM u) AS c FROM t WHERE known_at < ? AND returning_user = 1",
        "CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * 2) STORED, KEY ix_t (a, b))",
      })
  void whatBothServersKnowPasses(String sql) {
    assertEquals(List.of(), SqlDialect.ofFile(sql));
  }

  private static List<String> javaFindings(String body) {
    return names(SqlDialect.ofJava("class A { void a(String b) { " + body + " } }"));
  }

  @Test
  void valuesMustNotBeConcatenatedIntoAStatement() {
    String sentence = SqlDialect.CONCATENATION;
    assertEquals(List.of(sentence), javaFindings("db.rows(\"SELECT a FROM t WHERE b = \" + b);"));
    assertEquals(
        List.of(sentence),
        javaFindings("db.rows(\"SELECT a FROM t LIMIT 10 OFFSET \" + page * 10);"));
    assertEquals(
        List.of(sentence),
        javaFindings("db.rows(\"SELECT a FROM t WHERE b = '\" + b + \"' ORDER BY a\");"));
    assertEquals(
        List.of(sentence),
        javaFindings("db.rows(\"SELECT a FROM t WHERE b = '%s'\".formatted(b));"));
    assertEquals(
        List.of(sentence), javaFindings("db.rows(\"SELECT a FROM t WHERE b IN (\" + b + \")\");"));
    assertEquals(
        List.of(sentence),
        javaFindings("db.rows(\"SELECT a FROM t WHERE b IN (%s)\".formatted(ids));"));
    assertEquals(
        List.of(sentence), javaFindings("db.rows(\"\"\"\n SELECT a FROM t WHERE b = \"\"\" + b);"));
  }

  @Test
  void piecesOfSqlMayBeConcatenated() {
    for (String body :
        List.of(
            "db.rows(\"SELECT a FROM t WHERE b IN (\" + Rows.marks(n) + \")\", ids);",
            "db.rows(SELECT_COLUMNS + \" FROM t WHERE b = ?\", b);",
            "db.rows(\"SELECT a FROM t WHERE b = ?\" + \" ORDER BY a\", b);",
            "db.rows(\"SELECT \" + COLUMNS + \" FROM t WHERE b = ?\", b);",
            "db.rows(\"SELECT a FROM t WHERE \" + where + \" ORDER BY \" + order(b), args);",
            "db.rows(\"SELECT a FROM t WHERE b IN (%s)\".formatted(Rows.marks(n)), ids);",
            "db.rows(\"SELECT a FROM t LIMIT \" + (MOST + 1), b);",
            "LOG.info(\"select a file: \" + b);",
            "throw new X(\"Update the row \" + b);",
            "char q = '\"'; db.rows(\"SELECT a FROM t WHERE b = ?\", b);")) {
      assertEquals(List.of(), javaFindings(body), body);
    }
  }

  @Test
  void statementsInTextBlocksAndJoinedLiteralsAreRead() {
    assertEquals(
        List.of("server clock"),
        javaFindings("db.rows(\"\"\"\n UPDATE t SET a = NOW()\n WHERE b = ?\n \"\"\", b);"));
    assertEquals(
        List.of("SELECT *"), javaFindings("db.rows(\"SELECT\" + \" * FROM t WHERE b = ?\", b);"));
    assertEquals(List.of(), javaFindings("// db.rows(\"SELECT * FROM t\");\n"));
    assertFalse(JavaStrings.of("x = \"SELECT a FROM t\";").statements().isEmpty());
  }
}
