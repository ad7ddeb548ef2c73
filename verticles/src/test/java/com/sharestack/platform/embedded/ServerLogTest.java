package com.sharestack.platform.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerLogTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis-server: error while loading shared libraries: libssl.so.3: cannot open shared object file: No such file or directory | needs libssl.so.3, which this system lacks: install the package or set URL
          dyld[1]: Library not loaded: /opt/homebrew/opt/openssl/libssl.3.dylib | needs /opt/homebrew/opt/openssl/libssl.3.dylib
          redis-server: /lib/libc.so.6: version `GLIBC_2.34' not found (required by redis-server) | needs GLIBC_2.34
          setsid: failed to execute /x/mariadbd: No such file or directory | cannot run on this system: set URL
          1:M # Warning: Could not create server TCP listening socket 127.0.0.1:7000: bind: Address already in use | Port 7000 on 127.0.0.1
          [ERROR] mariadbd: Error writing file './x' (Errcode: 28 "No space left on device") | is full: free some space
          [ERROR] InnoDB: Unable to lock ./ibdata1 error: 11 | Another MariaDB server already uses
          [ERROR] InnoDB: The error means mariadbd does not have the access rights to the directory. Permission denied | may not write to
          [ERROR] InnoDB: Database page corruption on disk or a failed file read of tablespace | are damaged: restore that folder
          [ERROR] Fatal error: Can't open and lock privilege tables: Table 'mysql.db' doesn't exist | are damaged: restore that folder
          [ERROR] InnoDB: Cannot allocate memory for the buffer pool | too little memory
          [ERROR] /x/mariadbd: unknown option '--no-such' | stopped while starting ([ERROR] /x/mariadbd: unknown option '--no-such')
          """)
  void whatTheServerSaidBecomesOneSentence(String said, String sentence) throws IOException {
    Path file =
        Files.writeString(folder.resolve("log"), "[ERROR] corruption, but in an earlier start\n");
    ServerLog log = ServerLog.open(file);
    Files.writeString(
        file,
        said + "\n[ERROR] Aborting\n".repeat(said.contains("unknown") ? 0 : 1),
        StandardOpenOption.APPEND);
    String message =
        log.explain(
                new ServerLog.Failed("MariaDB", 7000, folder, "PORT", "URL", "install the package"))
            .getMessage();
    assertTrue(message.contains(sentence), message);
  }

  @Test
  void aLargeLogIsPutAside() throws IOException {
    Path file = folder.resolve("log");
    Files.write(file, new byte[(10 << 20) + 1]);
    ServerLog.open(file);
    assertTrue(Files.notExists(file) && Files.exists(folder.resolve("log.old")));
  }
}
