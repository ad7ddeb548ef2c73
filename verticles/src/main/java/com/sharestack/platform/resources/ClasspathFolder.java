package com.sharestack.platform.resources;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Folders of the class path, whether they lie in a jar or on disk. */
public final class ClasspathFolder {
  private ClasspathFolder() {}

  /** What is done with one folder; the path is valid only during the call. */
  @FunctionalInterface
  public interface Visitor {
    void visit(Path folder) throws IOException;
  }

  /**
   * Visits every folder of that name, in class path order.
   *
   * @param name with slashes, without a leading one, such as {@code sql/seed}
   * @return how many there were
   */
  public static int visit(String name, Visitor visitor) throws IOException {
    List<URL> found = Collections.list(ClasspathFolder.class.getClassLoader().getResources(name));
    for (URL url : found) {
      if (url.openConnection() instanceof JarURLConnection jar) {
        Path file = Path.of(uri(jar.getJarFileURL()));
        try (FileSystem inside = FileSystems.newFileSystem(file)) {
          visitor.visit(inside.getPath(jar.getEntryName()));
        }
      } else {
        visitor.visit(Path.of(uri(url)));
      }
    }
    return found.size();
  }

  public static boolean exists(String name) {
    return ClasspathFolder.class.getClassLoader().getResource(name) != null;
  }

  /** All regular files below a folder, sorted by path. */
  public static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static URI uri(URL url) throws IOException {
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new IOException("unusable class path entry " + url, e);
    }
  }
}
