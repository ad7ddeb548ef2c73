package com.sharestack.platform.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The redis-server to run: the system's if it is at least version 7, else the one that the class
 * path carries.
 */
final class RedisProgram {
  private static final int LEAST_VERSION = 7;
  private static final Pattern VERSION = Pattern.compile("\\bv=(\\d+)\\.");
  private static final String SETTING = "SHARESTACK_CACHE";

  private static final Map<String, String> CARRIED =
      Map.of(
          "linux/amd64", "redis-server-6.2.6-v5-linux-amd64",
          "linux/arm64", "redis-server-6.2.7-linux-arm64",
          "mac/amd64", "redis-server-6.2.6-v5-darwin-amd64",
          "mac/arm64", "redis-server-6.2.6-v5-darwin-arm64",
          "windows/amd64", "redis-server-5.0.14.1-windows-amd64.exe");

  private RedisProgram() {}

  /**
   * @param searchPath the folders of installed programs, as in the variable PATH
   * @throws StartupFailure if this platform has none, or it cannot be unpacked
   */
  static Path provide(EmbeddedSettings settings, String searchPath) throws IOException {
    Optional<Path> installed = installed(searchPath);
    return installed.isPresent() ? installed.get() : unpacked(settings);
  }

  private static Optional<Path> installed(String searchPath) throws IOException {
    for (String folder : searchPath.split(Pattern.quote(File.pathSeparator))) {
      Path file =
          Path.of(folder, Platform.current().isWindows() ? "redis-server.exe" : "redis-server");
      if (!folder.isBlank() && Files.isExecutable(file) && version(file) >= LEAST_VERSION) {
        return Optional.of(file.toRealPath());
      }
    }
    return Optional.empty();
  }

  /** The major version, 0 if the program does not tell. */
  private static int version(Path file) {
    try {
      Process process =
          new ProcessBuilder(file.toString(), "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return 0;
      }
      Matcher matcher =
          VERSION.matcher(
              new String(process.getInputStream().readNBytes(1000), StandardCharsets.UTF_8));
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static Path unpacked(EmbeddedSettings settings) throws IOException {
    String name = CARRIED.get(Platform.current().toString());
    try (InputStream resource =
        name == null ? null : RedisProgram.class.getResourceAsStream("/" + name)) {
      if (resource == null) {
        throw new StartupFailure(
            "No embedded Redis comes with this build for "
                + Platform.current()
                + ": install redis-server 7 or newer, or set"
                + " SHARESTACK_REDIS_URL=redis://:password@host:6379.");
      }
      byte[] bytes = resource.readAllBytes();
      Path file = settings.cacheFolder().resolve(name);
      try {
        if (!Files.exists(file) || Files.size(file) != bytes.length) {
          write(settings, file, bytes);
        }
        return file.toRealPath();
      } catch (IOException e) {
        throw StartupFailure.ofFile("unpack Redis", settings.cacheFolder(), SETTING, e);
      }
    }
  }

  private static void write(EmbeddedSettings settings, Path file, byte[] bytes) throws IOException {
    Folders.create(settings.cacheFolder());
    settings.requireSpace(settings.cacheFolder(), 2L * bytes.length, SETTING);
    Path unfinished = Files.createTempFile(settings.cacheFolder(), "redis-server.", ".unfinished");
    try {
      Files.write(unfinished, bytes);
      if (Files.getFileStore(unfinished).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
