package com.sharestack.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The contract of {@code small.yaml}, to which a test adds one file of its own. */
final class SmallContract {

  private final Path contract;
  private final Path sources;
  private final Path resources;

  SmallContract(Path folder) throws IOException {
    contract = Files.createDirectories(folder.resolve("openapi"));
    sources = folder.resolve("sources");
    resources = folder.resolve("resources");
    write("small.yaml", text("small.yaml"));
  }

  SmallContract write(String file, String yaml) throws IOException {
    Files.writeString(contract.resolve(file), yaml);
    return this;
  }

  /** Writes small.yaml with one piece of text replaced, which must be there. */
  SmallContract replace(String piece, String by) throws IOException {
    String whole = text("small.yaml");
    if (!whole.contains(piece)) {
      throw new IllegalArgumentException("small.yaml has no " + piece);
    }
    return write("small.yaml", whole.replace(piece, by));
  }

  void generate() throws IOException {
    Generator.run(contract, sources, resources);
  }

  /** The generated Java type of that name. */
  String java(String type) throws IOException {
    return Files.readString(sources.resolve("com/sharestack/contract/" + type + ".java"));
  }

  boolean hasJava(String type) {
    return Files.exists(sources.resolve("com/sharestack/contract/" + type + ".java"));
  }

  String resource(String name) throws IOException {
    return Files.readString(resources.resolve(name));
  }

  JsonNode publicDocument() throws IOException {
    return new ObjectMapper().readTree(resource("contract/openapi.json"));
  }

  Path source(String name) {
    return sources.resolve(name);
  }

  /** Every generated file with the time it was last written. */
  Map<Path, java.nio.file.attribute.FileTime> written() throws IOException {
    Map<Path, java.nio.file.attribute.FileTime> times = new TreeMap<>();
    for (Path root : new Path[] {sources, resources}) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          times.put(file, Files.getLastModifiedTime(file));
        }
      }
    }
    return times;
  }

  static String text(String name) throws IOException {
    try (InputStream in = SmallContract.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
