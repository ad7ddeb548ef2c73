package com.sharestack.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written for the small contract, and when. */
class GeneratedFilesTest {

  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));

  @TempDir Path folder;
  private SmallContract contract;

  @BeforeEach
  void generate() throws IOException {
    contract = new SmallContract(folder);
    contract.generate();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Note",
        "NoteState",
        "NoteUpdate",
        "NotesService",
        "NotesGetRequest",
        "NotesRenameItRequest",
        "Services",
        "EventTopic"
      })
  void theJavaIsTheOneThatWasReviewed(String type) throws IOException {
    assertEquals(SmallContract.text("golden/" + type + ".java.txt"), contract.java(type));
  }

  @Test
  void aFieldThatOneMustSetIsNotTakenFromABaseThatMayLeaveItOut() throws IOException {
    String loose =
        SmallContract.text("small.yaml")
            .replace("required: [note_id, title]", "required: [title]")
            .replace("description: A note.", "required: [note_id]");
    contract.write("small.yaml", loose).generate();
    String note = contract.java("Note");
    assertTrue(note.contains("private long noteId;"), note);
    assertTrue(contract.java("NoteBase").contains("Long noteId"));
    assertFalse(note.contains("base.noteId()"), note);
    assertTrue(note.contains("this.title = base.title();"), note);
  }

  @Test
  void everyRecordAndNothingElseHasMappers() throws IOException {
    List<String> types =
        contract
            .resource("META-INF/vertx/json-mappers.properties")
            .lines()
            .filter(line -> line.contains(".deserializer="))
            .map(line -> line.substring("com.sharestack.contract.".length(), line.indexOf(".des")))
            .sorted()
            .toList();
    assertEquals(
        List.of(
            "Caller",
            "Note",
            "NoteBase",
            "NoteList",
            "NotePurged",
            "NoteUpdate",
            "NotesGetRequest",
            "NotesListRequest",
            "NotesPurgeRequest",
            "NotesRenameItRequest",
            "PurgeOrder",
            "PurgeResult"),
        types);
  }

  @Test
  void writingTwiceTouchesNoFile() throws IOException {
    for (Path file : contract.written().keySet()) {
      Files.setLastModifiedTime(file, LONG_AGO);
    }
    contract.generate();
    contract.written().forEach((file, time) -> assertEquals(LONG_AGO, time, file.toString()));
  }

  @Test
  void aChangeTouchesOnlyTheFilesItConcerns() throws IOException {
    for (Path file : contract.written().keySet()) {
      Files.setLastModifiedTime(file, LONG_AGO);
    }
    contract.replace("enum: [draft, in-review, 7d]", "enum: [draft, in-review]").generate();
    List<String> changed =
        contract.written().entrySet().stream()
            .filter(file -> !file.getValue().equals(LONG_AGO))
            .map(file -> file.getKey().getFileName().toString())
            .sorted()
            .toList();
    assertEquals(List.of("NoteState.java", "contract.json", "openapi.json"), changed);
  }

  @Test
  void filesNoLongerWantedAreDeleted() throws IOException {
    Path stray = contract.source("com/sharestack/contract/OldRecord.java");
    Files.writeString(stray, "class OldRecord {}");
    assertTrue(contract.hasJava("NotePurged"));
    String yaml = SmallContract.text("small.yaml");
    int event = yaml.indexOf("    NotePurged:");
    contract.replace(yaml.substring(event, yaml.indexOf("x-error-codes:")), "").generate();
    assertFalse(Files.exists(stray));
    assertFalse(contract.hasJava("NotePurged"));
    assertTrue(contract.hasJava("Note"));
  }

  @Test
  void aRefusedContractLeavesWhatWasWritten() throws IOException {
    var before = contract.written();
    contract.write("more.yaml", "components: {schemas: {Bad: {type: number}}}");
    org.junit.jupiter.api.Assertions.assertThrows(ContractException.class, contract::generate);
    assertEquals(before, contract.written());
    assertNotEquals(0, before.size());
  }
}
