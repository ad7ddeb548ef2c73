package com.sharestack.codegen;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the contract's files and merges them into one document, refusing what does not fit. */
final class ContractFiles {

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
  static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  private ContractFiles() {}

  static ObjectNode merge(Path folder) throws IOException {
    ObjectNode merged = YAML.createObjectNode();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        deepMerge(merged, YAML.readTree(file.toFile()), file.getFileName().toString());
      }
    }
    refuseDoubleIds(merged);
    refuseDanglingRefs(merged, merged, "#");
    return merged;
  }

  private static void deepMerge(ObjectNode into, JsonNode from, String place) {
    for (var field : from.properties()) {
      JsonNode present = into.get(field.getKey());
      if (present == null) {
        into.set(field.getKey(), field.getValue());
      } else if (present.isObject() && field.getValue().isObject()) {
        deepMerge((ObjectNode) present, field.getValue(), place + "/" + field.getKey());
      } else if (!present.equals(field.getValue())) {
        throw new ContractException(
            place + "/" + field.getKey(), "is already defined differently in another file");
      }
    }
  }

  private static void refuseDoubleIds(ObjectNode merged) {
    Map<String, String> seen = new HashMap<>();
    for (Operation operation : operations(merged)) {
      String other = seen.put(operation.id(), operation.place());
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

  /** One operation; its id names service and method: {@code articles.get}. */
  record Operation(String path, String method, ObjectNode node) {

    Operation {
      String id = node.path("operationId").asText();
      if (!id.matches("[a-z][A-Za-z0-9_]*(\\.[a-z][A-Za-z0-9_]*)+")) {
        throw new ContractException(
            method + " " + path, "operationId '" + id + "' is not of the form service.method");
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

    /** Status of the one success answer. */
    String successStatus() {
      String status = null;
      for (var response : node.path("responses").properties()) {
        if (response.getKey().startsWith("2")) {
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

    JsonNode successSchema() {
      return node.path("responses").path(successStatus()).at("/content/application~1json/schema");
    }

    JsonNode bodySchema() {
      return node.at("/requestBody/content/application~1json/schema");
    }
  }
}
