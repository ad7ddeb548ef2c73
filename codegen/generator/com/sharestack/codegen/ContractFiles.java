package com.sharestack.codegen;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the contract's files and merges them into one document, refusing what does not fit. */
final class ContractFiles {

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
  private static final Set<String> SECTIONS = Set.of("paths", "components", "x-error-codes");
  static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
  private static final Set<String> OPERATION_KEYS =
      Set.of(
          "operationId",
          "summary",
          "description",
          "tags",
          "parameters",
          "requestBody",
          "responses",
          "security",
          "x-auth",
          "x-permission",
          "x-step-up",
          "x-rate",
          "x-idempotent",
          "x-cache",
          "x-card-free",
          "x-errors",
          "x-meta",
          "x-alternate-status",
          "x-timing",
          "x-internal",
          "x-handler",
          "x-service",
          "x-method");
  private static final Set<String> PARAMETER_KEYS =
      Set.of("name", "in", "required", "schema", "description", "style", "explode");

  private ContractFiles() {}

  static ObjectNode merge(Path folder) throws IOException {
    ObjectNode merged = YAML.createObjectNode();
    ObjectNode paths = merged.putObject("paths");
    ObjectNode schemas = merged.putObject("components").putObject("schemas");
    ObjectNode errorCodes = merged.putObject("x-error-codes");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        JsonNode part = YAML.readTree(file.toFile());
        String name = file.getFileName().toString();
        refuseUnknown(name, part, SECTIONS);
        refuseUnknown(name + "/components", part.path("components"), Set.of("schemas"));
        add(schemas, part.at("/components/schemas"), name + "/components/schemas");
        add(errorCodes, part.path("x-error-codes"), name + "/x-error-codes");
        for (var path : part.path("paths").properties()) {
          String place = name + "/paths" + path.getKey();
          refuseUnknown(place, path.getValue(), METHODS);
          add(paths.withObjectProperty(path.getKey()), path.getValue(), place);
        }
      }
    }
    refuseDoubleIds(merged);
    refuseDanglingRefs(merged, merged, "#");
    return merged;
  }

  private static void add(ObjectNode into, JsonNode from, String place) {
    for (var field : from.properties()) {
      if (into.has(field.getKey())) {
        throw new ContractException(
            place + "/" + field.getKey(), "is already defined in another file");
      }
      into.set(field.getKey(), field.getValue());
    }
  }

  private static void refuseUnknown(String place, JsonNode node, Collection<String> known) {
    for (var key : node.properties()) {
      if (!known.contains(key.getKey())) {
        throw new ContractException(place, "uses '" + key.getKey() + "', which is not known");
      }
    }
  }

  private static void refuseDoubleIds(ObjectNode merged) {
    Map<String, String> seen = new HashMap<>();
    for (Operation operation : operations(merged)) {
      String method = operation.address() + "." + operation.methodName();
      String other = seen.put(method, operation.place());
      if (other != null) {
        throw new ContractException(
            operation.place(), "operationId " + operation.id() + " is also used by " + other);
      }
    }
  }

  private static void refuseDanglingRefs(JsonNode root, JsonNode node, String place) {
    if (node.isObject() && node.has("$ref")) {
      String ref = node.get("$ref").asText();
      if (!ref.startsWith("#/") || root.at(ref.substring(1)).isMissingNode()) {
        throw new ContractException(place, "$ref " + ref + " does not exist");
      }
    }
    if (node.isObject()) {
      for (var field : node.properties()) {
        refuseDanglingRefs(root, field.getValue(), place + "/" + field.getKey());
      }
    } else if (node.isArray()) {
      node.forEach(item -> refuseDanglingRefs(root, item, place));
    }
  }

  /** All operations of the document, in the order of its paths. */
  static List<Operation> operations(ObjectNode document) {
    List<Operation> operations = new java.util.ArrayList<>();
    for (var path : document.path("paths").properties()) {
      for (String method : METHODS) {
        if (path.getValue().has(method)) {
          operations.add(
              new Operation(path.getKey(), method, (ObjectNode) path.getValue().get(method)));
        }
      }
    }
    return operations;
  }

  private static boolean is2xx(Map.Entry<String, JsonNode> response) {
    return response.getKey().startsWith("2");
  }

  /** One operation; its id names service and method: {@code articles.get}. */
  record Operation(String path, String method, ObjectNode node) {

    Operation {
      String id = node.path("operationId").asText();
      if (!id.matches("[a-z][A-Za-z0-9_]*(\\.[a-z][A-Za-z0-9_]*)+")) {
        throw new ContractException(
            method + " " + path, "operationId '" + id + "' is not of the form service.method");
      }
      refuseUnknown(id, node, OPERATION_KEYS);
      for (JsonNode parameter : node.path("parameters")) {
        refuseUnknown(id + "/" + parameter.path("name").asText(), parameter, PARAMETER_KEYS);
      }
      if (node.path("tags").size() != 1) {
        throw new ContractException(id, "needs exactly one tag, the domain that hosts it");
      }
    }

    String id() {
      return node.get("operationId").asText();
    }

    String place() {
      return method + " " + path;
    }

    String domain() {
      return node.get("tags").get(0).asText();
    }

    boolean internal() {
      return node.path("x-internal").asBoolean();
    }

    /** The event-bus address: the id without its last segment. */
    String address() {
      return id().substring(0, id().lastIndexOf('.'));
    }

    String methodName() {
      return Names.camel(id().substring(id().lastIndexOf('.') + 1));
    }

    boolean raw() {
      return node.path("x-handler").asText().equals("raw");
    }

    /** Status of the one success answer. */
    String successStatus() {
      String status = null;
      for (var response : node.path("responses").properties()) {
        if (is2xx(response)) {
          if (status != null) {
            throw new ContractException(id(), "has more than one 2xx answer");
          }
          status = response.getKey();
        }
      }
      if (status == null) {
        throw new ContractException(id(), "has no 2xx answer");
      }
      return status;
    }

    /** Missing where there is no JSON answer, which a raw handler may well do without. */
    JsonNode successSchema() {
      if (raw() && node.path("responses").properties().stream().noneMatch(ContractFiles::is2xx)) {
        return MissingNode.getInstance();
      }
      return node.path("responses").path(successStatus()).at("/content/application~1json/schema");
    }

    JsonNode bodySchema() {
      return node.at("/requestBody/content/application~1json/schema");
    }
  }
}
