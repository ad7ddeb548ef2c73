package com.sharestack.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Completes the merged contract to the ordinary OpenAPI document clients read: the success schema
 * of an operation becomes {@code data} of the envelope, and each error code it may answer becomes a
 * response of its status.
 */
final class Expansion {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> EVERYWHERE =
      Set.of(
          "VALIDATION_ERROR",
          "RATE_LIMIT_EXCEEDED",
          "INTERNAL_ERROR",
          "SERVICE_UNAVAILABLE",
          "GATEWAY_TIMEOUT");

  private final ObjectNode document;
  private final Schemas schemas;

  Expansion(ObjectNode merged) {
    this.document = merged.deepCopy();
    this.schemas = new Schemas(document);
  }

  ObjectNode expand() {
    ObjectNode whole = JSON.createObjectNode();
    whole.put("openapi", "3.1.0");
    ObjectNode info = whole.putObject("info");
    info.put("title", "ShareStack API").put("version", "v1");
    info.put("description", "知识付费平台的 REST 接口；所有响应都使用统一信封。");
    whole.putArray("servers").addObject().put("url", "/api/v1");
    for (var operation : ContractFiles.operations(document)) {
      expand(operation);
    }
    whole.set("paths", document.get("paths"));
    ObjectNode components = whole.putObject("components");
    components.set("schemas", document.at("/components/schemas"));
    ((ObjectNode) components.get("schemas")).set("Meta", meta());
    ((ObjectNode) components.get("schemas")).set("ErrorEnvelope", errorEnvelope());
    components
        .putObject("securitySchemes")
        .putObject("bearer")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("bearerFormat", "JWT");
    whole.set("x-error-codes", document.path("x-error-codes"));
    return whole;
  }

  private void expand(ContractFiles.Operation operation) {
    ObjectNode node = operation.node();
    node.put("x-service", operation.address());
    node.put("x-method", operation.methodName());
    String auth = node.path("x-auth").asText(operation.internal() ? "internal" : "");
    if (!Set.of("none", "optional", "user", "creator", "internal").contains(auth)) {
      throw new ContractException(operation.id(), "x-auth is none, optional, user or creator");
    }
    boolean stepUp = stepUp(operation, auth);
    cardFree(operation);
    if (operation.internal()) {
      return;
    }
    ArrayNode security = node.putArray("security");
    if (!auth.equals("none")) {
      security.addObject().putArray("bearer");
      if (auth.equals("optional")) {
        security.addObject();
      }
    }
    if (!operation.successSchema().isMissingNode()) {
      JsonNode media =
          node.at("/responses/" + operation.successStatus() + "/content/application~1json");
      ((ObjectNode) media).set("schema", envelope(operation));
      if (node.has("x-alternate-status")) {
        ((ObjectNode) node.get("responses"))
            .set(
                node.get("x-alternate-status").asText(),
                node.at("/responses/" + operation.successStatus()).deepCopy());
      }
    }
    errors(operation, auth);
    if (stepUp) {
      securityToken(operation);
    }
  }

  /** Whether the gateway demands a step-up, which only it can, of somebody it knows. */
  private static boolean stepUp(ContractFiles.Operation operation, String auth) {
    JsonNode wanted = operation.node().path("x-step-up");
    if (wanted.isMissingNode()) {
      return false;
    }
    if (!wanted.isBoolean()) {
      throw new ContractException(operation.id(), "x-step-up is true or false");
    }
    if (wanted.asBoolean() && !Set.of("user", "creator").contains(auth)) {
      throw new ContractException(operation.id(), "x-step-up needs x-auth user or creator");
    }
    if (wanted.asBoolean() && operation.raw()) {
      throw new ContractException(operation.id(), "x-step-up is not looked at by raw handlers");
    }
    return wanted.asBoolean();
  }

  /** The gateway looks at the bodies it forwards. */
  private static void cardFree(ContractFiles.Operation operation) {
    JsonNode wanted = operation.node().path("x-card-free");
    if (wanted.isMissingNode()) {
      return;
    }
    if (!wanted.isBoolean()) {
      throw new ContractException(operation.id(), "x-card-free is true or false");
    }
    if (operation.raw() || operation.internal() || operation.bodySchema().isMissingNode()) {
      throw new ContractException(operation.id(), "x-card-free needs a body that is forwarded");
    }
  }

  /** Where the body has a password, that will do instead. */
  private boolean takesPassword(ContractFiles.Operation operation) {
    return !operation.bodySchema().isMissingNode()
        && schemas.properties(operation.id(), operation.bodySchema()).containsKey("password");
  }

  private void securityToken(ContractFiles.Operation operation) {
    ObjectNode header = operation.node().withArray("parameters").addObject();
    header.put("name", "X-Security-Token").put("in", "header");
    header.put("required", !takesPassword(operation));
    header.put("description", "由 POST /auth/reauthenticate 取得的安全令牌");
    header.putObject("schema").put("type", "string");
  }

  private ObjectNode envelope(ContractFiles.Operation operation) {
    ObjectNode envelope = JSON.createObjectNode().put("type", "object");
    envelope.putArray("required").add("success").add("data").add("error").add("meta");
    ObjectNode properties = envelope.putObject("properties");
    properties.putObject("success").put("const", true);
    JsonNode moves = operation.node().path("x-meta");
    properties.set("data", moves.isMissingNode() ? operation.successSchema() : data(operation));
    properties.putObject("error").put("type", "null");
    ObjectNode meta = properties.putObject("meta");
    ObjectNode extra = JSON.createObjectNode().put("type", "object");
    ObjectNode extraProperties = extra.putObject("properties");
    if (operation.node().path("x-timing").asBoolean()) {
      extraProperties.putObject("query_time").put("type", "string");
    }
    var fields = schemas.properties(operation.id(), operation.successSchema());
    for (var move : moves.properties()) {
      if (!move.getValue().asText().equals("status")) {
        extraProperties.set(move.getKey(), fields.get(move.getKey()).schema());
      }
    }
    meta.putArray("allOf").add(reference("Meta")).add(extra);
    return envelope;
  }

  /** The answer's schema without the fields that go to {@code meta} or decide the status. */
  private ObjectNode data(ContractFiles.Operation operation) {
    ObjectNode data = JSON.createObjectNode().put("type", "object");
    ArrayNode required = data.putArray("required");
    ObjectNode properties = data.putObject("properties");
    Map<String, Schemas.Property> all =
        schemas.properties(operation.id(), operation.successSchema());
    for (var move : operation.node().path("x-meta").properties()) {
      if (!Set.of("move", "copy", "status").contains(move.getValue().asText())) {
        throw new ContractException(operation.id(), "x-meta knows move, copy and status");
      }
      if (!all.containsKey(move.getKey())) {
        throw new ContractException(
            operation.id(), "x-meta names '" + move.getKey() + "', which the answer has not");
      }
    }
    all.forEach(
        (name, property) -> {
          String move = operation.node().path("x-meta").path(name).asText("copy");
          if (move.equals("copy")) {
            properties.set(name, property.schema());
            if (property.required()) {
              required.add(name);
            }
          }
        });
    return data;
  }

  private void errors(ContractFiles.Operation operation, String auth) {
    Set<String> codes = new TreeSet<>(EVERYWHERE);
    operation.node().path("x-errors").forEach(code -> codes.add(code.asText()));
    if (!auth.equals("none")) {
      codes.add("UNAUTHORIZED");
      codes.add("ACCOUNT_BANNED");
    }
    if (auth.equals("creator") || operation.node().has("x-permission")) {
      codes.add("FORBIDDEN");
    }
    if (operation.node().path("x-step-up").asBoolean()) {
      codes.add("REAUTH_REQUIRED");
      if (takesPassword(operation)) {
        codes.add("ACCOUNT_LOCKED");
      }
    }
    if (!operation.bodySchema().isMissingNode()) {
      codes.add("UNSUPPORTED_MEDIA_TYPE");
      codes.add("PAYLOAD_TOO_LARGE");
    }
    if (operation.node().path("x-idempotent").asBoolean()) {
      codes.add("IDEMPOTENCY_CONFLICT");
      codes.add("IDEMPOTENCY_IN_PROGRESS");
    }
    Map<Integer, Set<String>> byStatus = new TreeMap<>();
    for (String code : codes) {
      JsonNode known = document.path("x-error-codes").path(code);
      if (known.isMissingNode()) {
        throw new ContractException(operation.id(), "names the unknown error code " + code);
      }
      byStatus.computeIfAbsent(known.path("status").asInt(), s -> new TreeSet<>()).add(code);
    }
    ObjectNode responses = (ObjectNode) operation.node().get("responses");
    byStatus.forEach(
        (status, names) -> {
          ObjectNode response = responses.putObject(String.valueOf(status));
          response.put("description", String.join(", ", names));
          ArrayNode list = response.putArray("x-codes");
          names.forEach(list::add);
          response
              .putObject("content")
              .putObject("application/json")
              .set("schema", reference("ErrorEnvelope"));
        });
    operation.node().remove("x-errors");
  }

  private static ObjectNode meta() {
    ObjectNode meta = JSON.createObjectNode().put("type", "object");
    meta.putArray("required").add("version").add("timestamp").add("request_id");
    ObjectNode properties = meta.putObject("properties");
    properties.putObject("version").put("const", "v1");
    properties.putObject("timestamp").put("type", "string").put("format", "date-time");
    properties.putObject("request_id").put("type", "string");
    return meta;
  }

  private static ObjectNode errorEnvelope() {
    ObjectNode envelope = JSON.createObjectNode().put("type", "object");
    envelope.putArray("required").add("success").add("data").add("error").add("meta");
    ObjectNode properties = envelope.putObject("properties");
    properties.putObject("success").put("const", false);
    properties.putObject("data").put("type", "null");
    ObjectNode error = properties.putObject("error").put("type", "object");
    error.putArray("required").add("code").add("message").add("details");
    ObjectNode fields = error.putObject("properties");
    fields.putObject("code").put("type", "string");
    fields.putObject("message").put("type", "string");
    fields.putObject("details").put("type", "object");
    properties.set("meta", reference("Meta"));
    return envelope;
  }

  private static ObjectNode reference(String schema) {
    return JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema);
  }

  /** The document without internal operations and without schemas only they use. */
  static ObjectNode publicPart(ObjectNode expanded) {
    ObjectNode part = expanded.deepCopy();
    ObjectNode paths = (ObjectNode) part.get("paths");
    Set<String> internal = new LinkedHashSet<>();
    for (var operation : ContractFiles.operations(part)) {
      if (operation.internal()) {
        internal.add(operation.path());
      }
    }
    paths.remove(internal);
    ObjectNode all = (ObjectNode) part.at("/components/schemas");
    Set<String> reached = new TreeSet<>();
    Deque<JsonNode> open = new ArrayDeque<>();
    open.push(paths);
    while (!open.isEmpty()) {
      JsonNode node = open.pop();
      String ref = node.path("$ref").asText();
      String name = ref.substring(ref.lastIndexOf('/') + 1);
      if (!name.isEmpty() && reached.add(name)) {
        open.push(all.get(name));
      }
      node.forEach(open::push);
    }
    all.retain(reached);
    part.remove("x-error-codes");
    return part;
  }
}
