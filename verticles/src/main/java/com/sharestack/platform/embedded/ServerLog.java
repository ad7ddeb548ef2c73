package com.sharestack.platform.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The output of an embedded server, and what it means when the server did not start. */
final class ServerLog {
  private static final long KEPT_BYTES = 10 << 20;
  private static final int READ_BYTES = 256 << 10;

  private static final Pattern MISSING_LIBRARY =
      Pattern.compile(
          "error while loading shared libraries: ([^:\\s]+)|Library not loaded: (\\S+)|version"
              + " `([^']+)' not found");
  private static final Pattern PORT =
      Pattern.compile(
          "Address already in use|Bind on TCP/IP port|Could not create server TCP listening"
              + " socket");
  private static final Pattern DISK =
      Pattern.compile(
          "No space left on device|Disk is full|(?i:errno|error number|error code):? 28\\b");
  private static final Pattern IN_USE =
      Pattern.compile("Unable to lock \\S*ibdata1|Can't lock aria control file");
  private static final Pattern DENIED = Pattern.compile("Permission denied|(?i:errno):? 13\\b");
  private static final Pattern CANNOT_RUN =
      Pattern.compile("failed to execute|can't execute|Exec format error");
  private static final Pattern MEMORY = Pattern.compile("Cannot allocate memory|[Oo]ut of memory");
  private static final Pattern DAMAGED =
      Pattern.compile(
          "(?i:corrupt)|InnoDB' (init function returned error|registration)|storage engine: InnoDB|"
              + "Can't open and lock privilege tables|Fatal error: Can't open|Aria engine: |"
              + "Table 'mysql\\.\\w+' doesn't exist|Checksum mismatch");
  private static final Pattern ERROR_LINE = Pattern.compile("(?m)^.*(?:\\[ERROR\\]|ERROR|#).*$");

  private final Path file;
  private final long start;

  private ServerLog(Path file, long start) {
    this.file = file;
    this.start = start;
  }

  /** The log of a server that is about to start; one that has grown large is put aside first. */
  static ServerLog open(Path file) throws IOException {
    if (Files.exists(file) && Files.size(file) > KEPT_BYTES) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".old"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return new ServerLog(file, Files.exists(file) ? Files.size(file) : 0);
  }

  Path file() {
    return file;
  }

  /** What the failed server can say about itself. */
  record Failed(
      String server,
      int port,
      Path folder,
      String portSetting,
      String urlSetting,
      String libraryAdvice) {}

  /** The sentence for a server that ended instead of starting. */
  StartupFailure explain(Failed failed) throws IOException {
    String text = text();
    Matcher library = MISSING_LIBRARY.matcher(text);
    if (library.find()) {
      String name =
          library.group(1) != null
              ? library.group(1)
              : library.group(2) != null ? library.group(2) : library.group(3);
      return new StartupFailure(
          "The embedded %s needs %s, which this system lacks: %s or set %s to an existing server."
              .formatted(failed.server(), name, failed.libraryAdvice(), failed.urlSetting()));
    }
    if (CANNOT_RUN.matcher(text).find()) {
      return new StartupFailure(
          "The embedded %s cannot run on this system: set %s to an existing server (details: %s)."
              .formatted(failed.server(), failed.urlSetting(), file));
    }
    if (PORT.matcher(text).find()) {
      return StartupFailure.portInUse(failed.server(), failed.port(), failed.portSetting());
    }
    if (DISK.matcher(text).find()) {
      return new StartupFailure(
          "The disk of %s is full: free some space or set SHARESTACK_DATA to a folder on another disk."
              .formatted(failed.folder()));
    }
    if (IN_USE.matcher(text).find()) {
      return new StartupFailure(
          "Another %s server already uses %s: stop it or set SHARESTACK_DATA to another folder."
              .formatted(failed.server(), failed.folder()));
    }
    if (DENIED.matcher(text).find()) {
      return new StartupFailure(
          "The embedded %s may not write to %s: change the owner of the folder or set SHARESTACK_DATA to another (details: %s)."
              .formatted(failed.server(), failed.folder(), file));
    }
    if (MEMORY.matcher(text).find()) {
      return new StartupFailure(
          "There is too little memory for the embedded %s: free some or set %s to an existing server."
              .formatted(failed.server(), failed.urlSetting()));
    }
    if (DAMAGED.matcher(text).find()) {
      return damaged(failed.server(), failed.folder(), file);
    }
    return new StartupFailure(
        "The embedded %s stopped while starting (%s): see %s or set %s to an existing server."
            .formatted(failed.server(), lastError(text), file, failed.urlSetting()));
  }

  static StartupFailure damaged(String server, Path folder, Path log) {
    return new StartupFailure(
        "The %s files in %s are damaged: restore that folder from a backup, or move it away to start with an empty one (details: %s)."
            .formatted(server, folder, log));
  }

  /** What was written since the start, the last part of it if it is long. */
  String text() throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long from = Math.max(start, channel.size() - READ_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, channel.size() - from));
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
  }

  private static String lastError(String text) {
    Matcher lines = ERROR_LINE.matcher(text);
    String last = "no reason in its log";
    while (lines.find()) {
      last = lines.group().strip();
    }
    return last.length() > 200 ? last.substring(0, 200) : last;
  }
}
