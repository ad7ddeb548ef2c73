package com.sharestack.platform.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Why ShareStack cannot start: one sentence for the operator that says what to do. The program
 * prints it and ends.
 */
public final class StartupFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartupFailure(String sentence) {
    super(sentence);
  }

  public StartupFailure(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /**
   * The sentence for a file operation that failed.
   *
   * @param doing what was attempted, such as {@code unpack the database}
   * @param setting the variable that chooses the folder
   */
  static StartupFailure ofFile(String doing, Path folder, String setting, IOException e) {
    String text = String.valueOf(e.getMessage());
    if (text.contains("No space left")
        || text.contains("not enough space")
        || text.contains("quota exceeded")) {
      return new StartupFailure(
          "The disk of "
              + folder
              + " is full: free some space or set "
              + setting
              + " to a folder on another disk.",
          e);
    }
    if (e instanceof AccessDeniedException
        || text.contains("Permission denied")
        || text.contains("Read-only file")) {
      return new StartupFailure(
          "This user may not write to "
              + folder
              + ": change its owner or set "
              + setting
              + " to another folder.",
          e);
    }
    String reason =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getFile() + ": " + f.getReason()
            : text;
    return new StartupFailure(
        "Could not "
            + doing
            + " in "
            + folder
            + " ("
            + reason
            + "): check the folder or set "
            + setting
            + " to another.",
        e);
  }

  static StartupFailure portInUse(String server, int port, String setting) {
    return new StartupFailure(
        "Port %d on 127.0.0.1, wanted by the embedded %s, is in use: stop the program that listens there or set %s to another port (0 picks a free one)."
            .formatted(port, server, setting));
  }

  static StartupFailure noSpace(Path folder, long usableBytes, long neededBytes, String setting) {
    return new StartupFailure(
        "The disk of %s has %d MB left and %d MB are needed: free some space or set %s to a folder on another disk."
            .formatted(folder, usableBytes >> 20, neededBytes >> 20, setting));
  }
}
