package com.sharestack.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document that clients read. */
class PublicDocumentTest {

  @TempDir Path folder;
  private JsonNode document;
  private JsonNode whole;

  @BeforeEach
  void generate() throws IOException {
    SmallContract contract = new SmallContract(folder);
    contract.generate();
    document = contract.publicDocument();
    whole = new ObjectMapper().readTree(contract.resource("contract/contract.json"));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void internalOperationsAndTheirSchemasAreLeftOut() {
    assertEquals(List.of("/notes/{id}", "/notes"), names(document.path("paths")));
    assertEquals(
        new TreeSet<>(
            List.of("ErrorEnvelope", "Meta", "Note", "NoteBase", "NoteState", "NoteUpdate")),
        new TreeSet<>(names(document.at("/components/schemas"))));
    assertTrue(document.path("x-error-codes").isMissingNode());
  }

  @Test
  void aRawOperationMayAnswerErrorsOnlyAndHasNoJava() throws IOException {
    SmallContract contract =
        new SmallContract(folder)
            .write(
                "hooks.yaml",
                """
                paths:
                  /hooks:
                    post:
                      operationId: hooks.closed
                      summary: 未启用
                      tags: [notes]
                      x-auth: none
                      x-handler: raw
                      x-errors: [NOT_FOUND]
                      responses: {}
                """);
    contract.generate();
    JsonNode responses = contract.publicDocument().at("/paths/~1hooks/post/responses");
    assertTrue(responses.has("404"));
    assertTrue(names(responses).stream().noneMatch(status -> status.startsWith("2")));
    assertFalse(contract.java("Services").contains("Hooks"));
  }

  @Test
  void aStepUpIsAHeaderOrThePasswordOfTheBody() throws IOException {
    SmallContract contract =
        new SmallContract(folder)
            .write(
                "vault.yaml",
                """
                paths:
                  /vault:
                    get:
                      operationId: vault.open
                      summary: 打开
                      tags: [notes]
                      x-auth: user
                      x-step-up: true
                      responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
                    post:
                      operationId: vault.take
                      summary: 取出
                      tags: [notes]
                      x-auth: user
                      x-step-up: true
                      requestBody:
                        required: true
                        content: {application/json: {schema: {$ref: '#/components/schemas/Take'}}}
                      responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
                components:
                  schemas:
                    Take: {type: object, properties: {password: {type: string, format: password}}}
                x-error-codes:
                  REAUTH_REQUIRED: {status: 403, message: 请先验证}
                  ACCOUNT_LOCKED: {status: 423, message: 已锁定}
                """);
    contract.generate();
    JsonNode vault = contract.publicDocument().at("/paths/~1vault");
    JsonNode header = vault.at("/get/parameters/0");
    assertEquals("X-Security-Token", header.path("name").asText());
    assertEquals("header", header.path("in").asText());
    assertTrue(header.path("required").asBoolean());
    assertFalse(vault.at("/post/parameters/0/required").asBoolean(), "the password will do");
    assertTrue(vault.at("/get/responses/403/x-codes").toString().contains("REAUTH_REQUIRED"));
    assertFalse(vault.path("get").path("responses").has("423"));
    assertTrue(vault.path("post").path("responses").has("423"));
    assertEquals("[]", componentsOf(contract.java("VaultOpenRequest")));
  }

  /** The parameters of a generated record; a header is none of them. */
  private static String componentsOf(String java) {
    return java.replaceAll("(?s).*record VaultOpenRequest\\(([^)]*)\\).*", "[$1]");
  }

  @Test
  void theWholeDocumentHasThem() {
    assertTrue(whole.path("paths").has("/internal/notes/purge"));
    assertTrue(whole.at("/components/schemas").has("PurgeOrder"));
    assertEquals(404, whole.at("/x-error-codes/NOT_FOUND/status").asInt());
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    for (JsonNode part : List.of(document, whole)) {
      List<String> refs = part.findValuesAsText("$ref");
      assertFalse(refs.isEmpty());
      refs.forEach(ref -> assertFalse(part.at(ref.substring(1)).isMissingNode(), ref));
    }
  }

  private Map<String, List<String>> errors(String path, String method) {
    Map<String, List<String>> errors = new TreeMap<>();
    for (var answer :
        document.path("paths").path(path).path(method).path("responses").properties()) {
      List<String> codes = new ArrayList<>();
      answer.getValue().path("x-codes").forEach(code -> codes.add(code.asText()));
      if (!codes.isEmpty()) {
        errors.put(answer.getKey(), codes);
        assertEquals(
            "#/components/schemas/ErrorEnvelope",
            answer.getValue().at("/content/application~1json/schema/$ref").asText());
        assertEquals(String.join(", ", codes), answer.getValue().path("description").asText());
      }
    }
    return errors;
  }

  @Test
  void everyErrorStatusStandsWithItsCodes() {
    assertEquals(
        Map.of(
            "400", List.of("VALIDATION_ERROR"),
            "429", List.of("RATE_LIMIT_EXCEEDED"),
            "500", List.of("INTERNAL_ERROR"),
            "503", List.of("SERVICE_UNAVAILABLE"),
            "504", List.of("GATEWAY_TIMEOUT")),
        errors("/notes", "get"));
    Map<String, List<String>> put = errors("/notes/{id}", "put");
    assertEquals(List.of("UNAUTHORIZED"), put.get("401"));
    assertEquals(List.of("ACCOUNT_BANNED", "FORBIDDEN"), put.get("403"));
    assertEquals(List.of("NOT_FOUND"), put.get("404"));
    assertEquals(
        List.of("IDEMPOTENCY_CONFLICT", "IDEMPOTENCY_IN_PROGRESS", "TITLE_TAKEN"), put.get("409"));
    assertEquals(List.of("PAYLOAD_TOO_LARGE"), put.get("413"));
    assertEquals(List.of("UNSUPPORTED_MEDIA_TYPE"), put.get("415"));
    assertFalse(document.at("/paths/~1notes~1{id}/put").has("x-errors"));
  }

  @Test
  void theAnswerIsDataOfTheEnvelope() {
    JsonNode envelope = success("/notes/{id}", "get", "200");
    assertEquals(List.of("success", "data", "error", "meta"), names(envelope.path("properties")));
    assertEquals("#/components/schemas/Note", envelope.at("/properties/data/$ref").asText());
    assertTrue(envelope.at("/properties/success/const").asBoolean());
    assertEquals("null", envelope.at("/properties/error/type").asText());
  }

  private JsonNode success(String path, String method, String status) {
    return document
        .path("paths")
        .path(path)
        .path(method)
        .path("responses")
        .path(status)
        .at("/content/application~1json/schema");
  }

  @Test
  void fieldsMovedToMetaOrDecidingTheStatusLeaveData() {
    JsonNode envelope = success("/notes", "get", "200");
    assertEquals(List.of("notes"), names(envelope.at("/properties/data/properties")));
    JsonNode extra = envelope.at("/properties/meta/allOf/1/properties");
    assertEquals(List.of("total"), names(extra));
    assertEquals("integer", extra.at("/total/type").asText());
    assertEquals(envelope, success("/notes", "get", "203"), "the other status answers the same");
  }

  @Test
  void whoMayCallIsSaidInOpenApisOwnWords() {
    assertEquals("[]", document.at("/paths/~1notes/get/security").toString());
    assertEquals(
        "[{\"bearer\":[]},{}]", document.at("/paths/~1notes~1{id}/get/security").toString());
    assertEquals("[{\"bearer\":[]}]", document.at("/paths/~1notes~1{id}/put/security").toString());
  }
}
