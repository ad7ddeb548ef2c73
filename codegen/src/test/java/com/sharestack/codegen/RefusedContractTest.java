package com.sharestack.codegen;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the generator does not know ends the build with a sentence that names the place. */
class RefusedContractTest {

  @TempDir Path folder;

  private SmallContract contract() throws IOException {
    return new SmallContract(folder);
  }

  private void assertSentence(String sentence, SmallContract contract) {
    ContractException refusal = assertThrows(ContractException.class, contract::generate);
    assertEquals(sentence, refusal.getMessage());
  }

  private void assertSchemaRefused(String name, String schema, String sentence) throws IOException {
    assertSentence(
        sentence,
        contract().write("more.yaml", "components: {schemas: {%s: %s}}\n".formatted(name, schema)));
  }

  private static String operation(String id, String keys) {
    return """
    paths:
      /more:
        post: {operationId: %s, summary: 更多, tags: [content], %s}
    """
        .formatted(id, keys);
  }

  private static final String ANSWER =
      "{description: x, content: {application/json: {schema: {$ref:"
          + " '#/components/schemas/Note'}}}}";
  private static final String ANSWERS = "responses: {'200': " + ANSWER + "}";

  private void assertOperationRefused(String id, String keys, String sentence) throws IOException {
    assertSentence(sentence, contract().write("more.yaml", operation(id, keys)));
  }

  @Test
  void theSmallContractItselfIsFine() throws IOException {
    SmallContract contract =
        contract().write("more.yaml", operation("more.add", "x-auth: user, " + ANSWERS));
    assertDoesNotThrow(contract::generate);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: string, minLenght: 3} | uses 'minLenght', which is not known",
        "{type: object, properties: {b: {type: string}}} | is an inline object; name it in"
            + " components/schemas",
        "{type: array, items: {type: object, properties: {b: {type: string}}}, maxItems: 2} |"
            + " #/items is an inline object; name it in components/schemas",
        "{type: array} | is an array without items",
        "{type: number} | a number needs format money or double",
        "{type: number, format: decimal} | a number needs format money or double",
        "{type: string, format: ipv4} | has the unknown string format ipv4",
        "{type: blob} | has the unknown type blob",
        "{type: [string, integer]} | may have one type besides null, not [string, integer]",
        "{description: x} | has no type",
        "{type: object} | is an object of nothing; give properties or x-free: true",
        "{oneOf: [{type: string}, {type: integer}]} | oneOf is known only as 'this or null'",
        "{oneOf: [{type: string}]} | oneOf is known only as 'this or null'",
        "{oneOf: [{type: string}, {type: integer}, {type: 'null'}]} | oneOf is known only as 'this"
            + " or null'",
      })
  void aPropertyOfAnUnknownKindIsRefused(String property, String refusal) throws IOException {
    String place = refusal.startsWith("#") ? "Bad/a/items: " : "Bad/a: ";
    assertSchemaRefused(
        "Bad",
        "{type: object, properties: {a: %s}}".formatted(property),
        place + refusal.replaceFirst("^#/items ", ""));
  }

  @Test
  void aPropertyThatIsRequiredButMissingIsRefused() throws IOException {
    assertSchemaRefused(
        "Bad",
        "{type: object, required: [b], properties: {a: {type: string}}}",
        "Bad: requires 'b', which it does not have");
  }

  @Test
  void propertiesNextToAdditionalPropertiesAreRefused() throws IOException {
    assertSchemaRefused(
        "Bad",
        "{type: object, properties: {a: {type: string}}, additionalProperties: {type: string}}",
        "Bad: mixes properties and additionalProperties");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Message",
        "Future",
        "Vertx",
        "Handler",
        "List",
        "Map",
        "Set",
        "JsonObject",
        "Patch",
        "ServiceException",
        "Object",
        "Record",
        "Instant",
        "ErrorCode",
        "Services"
      })
  void aNameThatJavaOrTheBusTakesIsRefused(String name) throws IOException {
    assertSchemaRefused(
        name,
        "{type: string, enum: [a]}",
        "components/schemas/%s: the name is taken by Java or the bus; choose another"
            .formatted(name));
  }

  @Test
  void aSchemaNameThatIsNoJavaNameIsRefused() throws IOException {
    assertSchemaRefused(
        "note_card",
        "{type: string, enum: [a]}",
        "components/schemas/note_card: a schema name is letters and digits, upper-case first");
  }

  @Test
  void aSchemaNamedLikeAGeneratedRequestIsRefused() throws IOException {
    assertSchemaRefused(
        "NotesGetRequest",
        "{type: object, properties: {a: {type: string}}}",
        "NotesGetRequest: would be two Java types; rename the schema or the operation");
  }

  @Test
  void namesThatBecomeOneInJavaAreRefused() throws IOException {
    assertSchemaRefused(
        "Bad",
        "{type: string, enum: [in-review, in_review]}",
        "Bad: has two literals like 'in_review'");
    assertSchemaRefused(
        "Bad",
        "{type: object, properties: {a_b: {type: string}, aB: {type: string}}}",
        "Bad: has two fields like 'aB' in Java");
    assertOperationRefused(
        "notes.renameIt",
        "x-auth: user, " + ANSWERS,
        "put /notes/{id}: operationId notes.rename_it is also used by post /more");
  }

  @Test
  void anEmptyLiteralIsRefused() throws IOException {
    assertSchemaRefused("Bad", "{type: string, enum: ['']}", "an enum: has an empty literal");
  }

  @Test
  void aDoubleOperationIdIsRefused() throws IOException {
    assertOperationRefused(
        "notes.get",
        "x-auth: user, " + ANSWERS,
        "get /notes/{id}: operationId notes.get is also used by post /more");
  }

  @Test
  void anOperationIdWithoutServiceIsRefused() throws IOException {
    assertOperationRefused(
        "purge", ANSWERS, "post /more: operationId 'purge' is not of the form service.method");
  }

  @Test
  void aDanglingReferenceIsRefused() throws IOException {
    assertSchemaRefused(
        "Bad",
        "{type: object, properties: {a: {$ref: '#/components/schemas/Nobody'}}}",
        "#/components/schemas/Bad/properties/a: $ref #/components/schemas/Nobody does not exist");
    assertSchemaRefused(
        "Bad",
        "{type: object, properties: {a: {$ref: 'other.yaml#/Note'}}}",
        "#/components/schemas/Bad/properties/a: $ref other.yaml#/Note does not exist");
  }

  @Test
  void exactlyOneSuccessAnswerIsDemanded() throws IOException {
    assertOperationRefused(
        "more.add",
        "x-auth: user, responses: {'200': %s, '201': %s}".formatted(ANSWER, ANSWER),
        "more.add: has more than one 2xx answer");
    assertOperationRefused(
        "more.add",
        "x-auth: user, responses: {'302': {description: x}}",
        "more.add: has no 2xx answer");
  }

  @Test
  void anAnswerOrABodyWithoutANameIsRefused() throws IOException {
    String list = "{application/json: {schema: {type: array, items: {type: string}}}}";
    assertOperationRefused(
        "more.add",
        "x-auth: user, responses: {'200': {description: x, content: %s}}".formatted(list),
        "more.add: names its answer by $ref");
    assertOperationRefused(
        "more.add",
        "x-auth: user, requestBody: {content: %s}, ".formatted(list) + ANSWERS,
        "more.add: names its body by $ref to components/schemas");
  }

  @Test
  void anUnknownErrorCodeIsRefused() throws IOException {
    assertOperationRefused(
        "more.add",
        "x-auth: user, x-errors: [NOT_FUOND], " + ANSWERS,
        "more.add: names the unknown error code NOT_FUOND");
  }

  @Test
  void anErrorCodeWithoutStatusOrTextIsRefused() throws IOException {
    String sentence = "x-error-codes/GONE: needs a status of 400 to 599 and a message";
    assertSentence(sentence, contract().write("more.yaml", "x-error-codes: {GONE: {message: 没了}}"));
    assertSentence(sentence, contract().write("more.yaml", "x-error-codes: {GONE: {status: 410}}"));
  }

  @Test
  void metaOfAMissingFieldAndUnknownMovesAreRefused() throws IOException {
    assertOperationRefused(
        "more.add",
        "x-auth: user, x-meta: {pages: move}, " + ANSWERS,
        "more.add: x-meta names 'pages', which the answer has not");
    assertOperationRefused(
        "more.add",
        "x-auth: user, x-meta: {title: drop}, " + ANSWERS,
        "more.add: x-meta knows move, copy and status");
  }

  @Test
  void aPublicOperationSaysWhoMayCallIt() throws IOException {
    String sentence = "more.add: x-auth is none, optional, user or creator";
    assertOperationRefused("more.add", "x-auth: admin, " + ANSWERS, sentence);
    assertOperationRefused("more.add", ANSWERS, sentence);
  }

  @Test
  void aStepUpIsDemandedOfSomebodyTheGatewayKnows() throws IOException {
    assertOperationRefused(
        "more.add",
        "x-auth: optional, x-step-up: true, " + ANSWERS,
        "more.add: x-step-up needs x-auth user or creator");
    assertOperationRefused(
        "more.add",
        "x-auth: user, x-step-up: header, " + ANSWERS,
        "more.add: x-step-up is true or false");
    assertOperationRefused(
        "more.add",
        "x-auth: user, x-step-up: true, x-handler: raw, " + ANSWERS,
        "more.add: x-step-up is not looked at by raw handlers");
  }

  @Test
  void cardsAreLookedForInBodiesThatAreForwarded() throws IOException {
    assertOperationRefused(
        "more.add",
        "x-auth: user, x-card-free: yes please, " + ANSWERS,
        "more.add: x-card-free is true or false");
    assertOperationRefused(
        "more.add",
        "x-auth: user, x-card-free: true, " + ANSWERS,
        "more.add: x-card-free needs a body that is forwarded");
  }

  @Test
  void anOperationHasOneDomain() throws IOException {
    assertSentence(
        "notes.purge: needs exactly one tag, the domain that hosts it",
        contract()
            .replace(
                "summary: 清理\n      tags: [content]", "summary: 清理\n      tags: [content, users]"));
  }

  @Test
  void aServiceHasOneDomain() throws IOException {
    assertSentence(
        "notes.purge: is hosted by another domain than notes.get",
        contract()
            .replace("summary: 清理\n      tags: [content]", "summary: 清理\n      tags: [users]"));
  }

  @Test
  void misspeltKeysOfAnOperationAreRefused() throws IOException {
    assertOperationRefused(
        "more.add",
        "x-auth: user, x-idempotant: true, " + ANSWERS,
        "more.add: uses 'x-idempotant', which is not known");
    assertOperationRefused(
        "more.add",
        "x-auth: user, parameters: [{name: q, in: query, schemas: {type: string}}], " + ANSWERS,
        "more.add/q: uses 'schemas', which is not known");
    assertSentence(
        "more.yaml/paths/more: uses 'options', which is not known",
        contract().write("more.yaml", "paths: {/more: {options: {}}}"));
    assertSentence(
        "more.yaml/components: uses 'parameters', which is not known",
        contract().write("more.yaml", "components: {parameters: {}}"));
    assertSentence(
        "more.yaml: uses 'path', which is not known", contract().write("more.yaml", "path: {}"));
  }

  @Test
  void twoFilesMustNotDefineTheSameThing() throws IOException {
    String sentence =
        "small.yaml/components/schemas/PurgeOrder: is already defined in another file";
    String schema = "components: {schemas: {PurgeOrder: {type: object, properties: {%s}}}}";
    // first.yaml is read before small.yaml; fields that do not overlap must not be merged either
    assertSentence(
        sentence, contract().write("first.yaml", schema.formatted("other: {type: string}")));
    assertSentence(
        "small.yaml/paths/notes/get: is already defined in another file",
        contract().write("first.yaml", "paths: {/notes: {get: {operationId: other.list}}}"));
  }

  @Test
  void twoPayloadsForOneTopicAreRefused() throws IOException {
    assertSchemaRefused(
        "NoteGone",
        "{type: object, x-event: {topic: note.purged, consumers: []}, properties: {a: {type:"
            + " string}}}",
        "NotePurged: topic note.purged has two payloads");
  }

  @Test
  void aKeyWrittenTwiceInAFileIsRefused() throws IOException {
    SmallContract contract =
        contract().write("more.yaml", "components: {schemas: {}}\ncomponents: {schemas: {}}\n");
    IOException refusal = assertThrows(IOException.class, contract::generate);
    assertTrue(refusal.getMessage().contains("Duplicate field 'components'"), refusal.getMessage());
  }
}
