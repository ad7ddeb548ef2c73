package com.sharestack.platform.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The two folders ShareStack uses when nothing is configured, and what is done to folders. */
public final class Folders {
  private Folders() {}

  /** SHARESTACK_DATA, by default {@code .sharestack} in the user's home. */
  public static Path data(Map<String, String> environment) {
    String set = environment.getOrDefault("SHARESTACK_DATA", "");
    return set.isBlank() ? home().resolve(".sharestack") : Path.of(set);
  }

  /** SHARESTACK_CACHE, by default {@code sharestack} in the system's cache folder of this user. */
  public static Path cache(Map<String, String> environment) {
    String set = environment.getOrDefault("SHARESTACK_CACHE", "");
    if (!set.isBlank()) {
      return Path.of(set);
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    String local = environment.getOrDefault("LOCALAPPDATA", "");
    if (Platform.current().isWindows() && !local.isBlank()) {
      return Path.of(local, "sharestack", "cache");
    }
    if (Platform.current().isMac()) {
      return home().resolve("Library/Caches/sharestack");
    }
    return (xdg.isBlank() ? home().resolve(".cache") : Path.of(xdg)).resolve("sharestack");
  }

  /** Creates the folder if it is missing, for this user only. */
  static void create(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(folder.getParent());
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      var onlyMe =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      Files.createDirectories(folder, onlyMe);
    } else {
      Files.createDirectories(folder);
    }
  }

  /** Deletes the folder and all in it; a missing one is fine. Links are deleted, not followed. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static Path home() {
    return Path.of(System.getProperty("user.home"));
  }
}
