package com.sharestack.codegen;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Turns the contract (OpenAPI 3.1 YAML, one file per domain) into Java sources and one merged
 * document.
 *
 * <p>Usage: {@code Generator CONTRACT_FOLDER SOURCES_FOLDER RESOURCES_FOLDER}. Files are written
 * only when their text changed, so that an unchanged contract compiles nothing again; files that
 * the contract no longer asks for are deleted. A construct the generator does not know ends the
 * build with a sentence that names the place.
 */
public final class Generator {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Generator() {}

  public static void main(String[] args) throws IOException {
    try {
      run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    } catch (ContractException refusal) {
      System.err.println("contract: " + refusal.getMessage());
      System.exit(1);
    }
  }

  static void run(Path contractFolder, Path sources, Path resources) throws IOException {
    ObjectNode merged = ContractFiles.merge(contractFolder);
    Map<String, String> javaFiles = new JavaWriter(merged).write();
    Map<String, String> resourceFiles = new TreeMap<>();
    resourceFiles.put(
        "META-INF/vertx/json-mappers.properties", javaFiles.remove("json-mappers.properties"));
    ObjectNode expanded = new Expansion(merged).expand();
    resourceFiles.put("contract/contract.json", JSON.writeValueAsString(expanded));
    resourceFiles.put(
        "contract/openapi.json", JSON.writeValueAsString(Expansion.publicPart(expanded)));
    writeChanged(sources, javaFiles);
    writeChanged(resources, resourceFiles);
  }

  private static void writeChanged(Path folder, Map<String, String> files) throws IOException {
    Set<Path> wanted = new HashSet<>();
    for (var file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      wanted.add(path);
      byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
      if (!Files.exists(path) || !java.util.Arrays.equals(Files.readAllBytes(path), bytes)) {
        Files.createDirectories(path.getParent());
        Files.write(path, bytes);
      }
    }
    try (Stream<Path> present = Files.walk(folder)) {
      for (Path path : present.filter(Files::isRegularFile).toList()) {
        if (!wanted.contains(path)) {
          Files.delete(path);
        }
      }
    }
  }
}
