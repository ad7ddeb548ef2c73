package com.sharestack.platform.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes a data folder belong to one JVM at a time; the system releases it when the JVM ends,
 * however it ends.
 */
final class DataLock implements AutoCloseable {
  private static final String SETTING = "SHARESTACK_DATA";

  /**
   * Far behind the text, so that others can read who holds it where locks are mandatory (Windows).
   */
  private static final long POSITION = Long.MAX_VALUE - 1;

  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws StartupFailure if another JVM holds the folder or this user may not write there
   */
  static DataLock acquire(Path folder) {
    try {
      Folders.create(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!tryLock(channel)) {
        String holder = read(channel);
        channel.close();
        throw new StartupFailure(
            "Another ShareStack (process %s) already uses %s: stop it or set %s to another folder."
                .formatted(holder, folder, SETTING));
      }
      channel.truncate(0);
      channel.write(
          StandardCharsets.US_ASCII.encode(Long.toString(ProcessHandle.current().pid())), 0);
      return new DataLock(channel);
    } catch (IOException e) {
      throw StartupFailure.ofFile("use the data folder", folder, SETTING, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock(POSITION, 1, false);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // this very JVM holds it
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(20);
    channel.read(bytes, 0);
    return StandardCharsets.US_ASCII.decode(bytes.flip()).toString();
  }
}
