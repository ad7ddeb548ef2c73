package com.sharestack.codegen;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** google-java-format over every Java file of the project: {@code mvn -Pformat} applies it. */
public final class Formatting {

  private static final Formatter FORMATTER = new Formatter();

  private Formatting() {}

  public static void main(String[] args) throws IOException {
    for (Path file : javaFiles(Path.of(args[0]).normalize())) {
      String text = Files.readString(file);
      String formatted = format(file, text);
      if (!formatted.equals(text)) {
        Files.writeString(file, formatted);
        System.out.println("formatted " + file);
      }
    }
  }

  /** The files that are not formatted. */
  static List<Path> unformatted(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path file : javaFiles(root)) {
      String text = Files.readString(file);
      if (!format(file, text).equals(text)) {
        found.add(root.relativize(file));
      }
    }
    return found;
  }

  private static String format(Path file, String text) {
    try {
      return FORMATTER.formatSourceAndFixImports(RemoveUnusedImports.removeUnusedImports(text));
    } catch (FormatterException e) {
      throw new IllegalStateException(file + " cannot be formatted: " + e.getMessage(), e);
    }
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("codegen/src", "codegen/generator", "verticles/src")) {
      try (Stream<Path> found = Files.walk(root.resolve(folder))) {
        found.filter(path -> path.toString().endsWith(".java")).forEach(files::add);
      }
    }
    return files;
  }
}
