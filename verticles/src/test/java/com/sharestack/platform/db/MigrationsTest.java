package com.sharestack.platform.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.platform.embedded.StartupFailure;
import com.sharestack.testing.TestServices;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MigrationsTest {
  private final Endpoints database = TestServices.emptyDatabase("migrations").endpoints();
  private final List<String> progress = new ArrayList<>();

  @Test
  void anEmptyDatabaseGetsEveryFileOnceAndProgressIsTold() {
    assertEquals(2, migrate("second"));
    assertEquals(List.of("1/2", "2/2"), progress);
    assertEquals(0, migrate("second"));
  }

  @Test
  void anOlderSchemaIsBroughtForwardWithItsRows() throws SQLException {
    assertEquals(1, migrate("first"));
    execute("INSERT INTO a (id, name) VALUES (7, 'kept')");
    assertEquals(1, migrate("second"));
    assertEquals("kept 0", text("SELECT CONCAT(name, ' ', price_fen) FROM a"));
  }

  @Test
  void aNewerSchemaIsRefused() {
    migrate("second");
    assertSentence("first", "was made by a newer ShareStack, which applied V002 (price)");
  }

  @Test
  void aFileThatChangedAfterItWasAppliedIsRefused() {
    migrate("first");
    assertSentence("changed", "was made by another build, whose V001 (a) differs");
  }

  @Test
  void aMigrationThatFailedIsNamedAtOnceAndAtTheNextStart() {
    assertSentence("broken", "V002__b_twice.sql", "already exists", "backup");
    assertSentence("broken", "stopped half way in V002 (b twice)", "backup");
  }

  @Test
  void aDatabaseOfSomebodyElseIsLeftAlone() throws SQLException {
    execute("CREATE TABLE theirs (id INT)");
    assertSentence("first", "has tables that ShareStack did not make", "SHARESTACK_MYSQL_URL");
    assertEquals(
        "1",
        text("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"));
  }

  @Test
  void whatIsWrongWithTheAddressIsSaid() {
    Endpoints missing = database.withDatabase(database.mysqlDatabase() + "_x");
    assertSentence(missing, "does not exist: create it");
    Endpoints stranger =
        new Endpoints(
            database.mysqlHost(),
            database.mysqlPort(),
            "nobody_here",
            "x",
            database.mysqlDatabase(),
            null);
    assertSentence(stranger, "refuses the user nobody_here");
    assertSentence(
        new Endpoints("127.0.0.1", 1, "a", "b", "c", null), "cannot be reached: start that server");
  }

  @Test
  void nodesThatStartTogetherMigrateOnce() {
    List<CompletableFuture<Integer>> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      nodes.add(
          CompletableFuture.supplyAsync(
              () -> new Migrations(database, location("second")).migrate((done, of) -> {})));
    }
    assertEquals(2, nodes.stream().mapToInt(CompletableFuture::join).sum());
  }

  @Test
  void seedDataIsAppliedOnceInTheOrderOfItsNames() throws SQLException {
    migrate("first");
    assertEquals(2, seed("good", new ArrayList<>()));
    assertEquals("一；;,c", text("SELECT GROUP_CONCAT(name ORDER BY id) FROM a"));
    execute("DELETE FROM a");
    List<String> warnings = new ArrayList<>();
    assertEquals(0, seed("good", warnings));
    assertEquals("0", text("SELECT COUNT(*) FROM a"));
    assertEquals(List.of(), warnings);
  }

  @Test
  void seedDataThatChangedIsOnlyWarnedOf() throws SQLException {
    migrate("first");
    seed("good", new ArrayList<>());
    List<String> warnings = new ArrayList<>();
    assertEquals(0, seed("changed", warnings));
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().contains("010_first.sql"), warnings::toString);
    assertEquals("2", text("SELECT COUNT(*) FROM a"));
  }

  @Test
  void aSeedFileThatFailsLeavesNoRow() throws SQLException {
    migrate("first");
    StartupFailure failure =
        assertThrows(StartupFailure.class, () -> seed("broken", new ArrayList<>()));
    assertTrue(failure.getMessage().contains("010_twice.sql"), failure.getMessage());
    assertEquals("0", text("SELECT COUNT(*) FROM a"));
    assertEquals("0", text("SELECT COUNT(*) FROM seed_history"));
  }

  private int migrate(String files) {
    return new Migrations(database, location(files))
        .migrate((done, of) -> progress.add(done + "/" + of));
  }

  private int seed(String files, List<String> warnings) {
    return new SeedData(database, "seeds/" + files, warnings::add).apply((done, of) -> {});
  }

  private static String location(String files) {
    return "classpath:migrations/" + files;
  }

  private void assertSentence(String files, String... parts) {
    assertParts(assertThrows(StartupFailure.class, () -> migrate(files)), parts);
  }

  private static void assertSentence(Endpoints endpoints, String part) {
    Migrations migrations = new Migrations(endpoints, location("first"));
    assertParts(
        assertThrows(StartupFailure.class, () -> migrations.migrate((done, of) -> {})), part);
  }

  private static void assertParts(StartupFailure failure, String... parts) {
    for (String part : parts) {
      assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }
    assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String text(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
