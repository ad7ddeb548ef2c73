package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir Path folder;

  @Test
  void theNewestInstalledJdkIsTaken() throws IOException {
    jdk("jvm/old", "17.0.12");
    jdk("jvm/eight", "1.8.0_402");
    jdk("jvm/lts", "21.0.4");
    Path newest = jdk("jvm/newest", "25");
    Files.createDirectories(folder.resolve("jvm/not-a-jdk"));
    assertEquals(Optional.of(newest), found(Map.of()));
  }

  @Test
  void theNamedJdkWinsOverANewerOne() throws IOException {
    jdk("jvm/newest", "25");
    Path home = jdk("named", "21");
    assertEquals(Optional.of(home), found(Map.of("JAVA_HOME", home.toString())));
    String program = home.resolve("bin/java").toString();
    assertEquals(Optional.of(home), found(Map.of("SHARESTACK_JAVA", program)));
  }

  @Test
  void aNamedJdkThatIsTooOldIsPassedOver() throws IOException {
    Path old = jdk("old", "17");
    Path young = jdk("jvm/young", "22-ea");
    assertEquals(Optional.of(young), found(Map.of("JAVA_HOME", old.toString())));
  }

  @Test
  void aBundleOfMacOsIsRead() throws IOException {
    Path home = jdk("jvm/temurin-21.jdk/Contents/Home", "21.0.1");
    assertEquals(Optional.of(home), found(Map.of()));
  }

  @Test
  void withoutAJdkNothingIsFound() throws IOException {
    jdk("jvm/old", "17");
    assertEquals(
        Optional.empty(), found(Map.of("JAVA_HOME", folder.resolve("missing").toString())));
  }

  @Test
  void theChildGetsWhatEveryVersionUnderstands() throws IOException {
    Main.Jdk jdk = new Main.Jdk(jdk("jvm/new", "25"));
    List<String> given = List.of("-Da=b", "-Xmx1g", "-XX:+UseParallelGC", "-javaagent:x.jar");
    assertEquals(
        List.of(
            jdk.java().toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Da=b",
            "-Xmx1g",
            "-Dsharestack.follow-parent=true",
            "-cp",
            "sharestack.jar",
            "com.sharestack.App",
            "run"),
        Main.command(jdk, "sharestack.jar", given, new String[] {"run"}));
    Main.Jdk lts = new Main.Jdk(jdk("jvm/lts", "21"));
    List<String> older = Main.command(lts, "x", List.of(), new String[0]);
    assertFalse(older.contains("--sun-misc-unsafe-memory-access=allow"), older.toString());
  }

  private Optional<Path> found(Map<String, String> environment) {
    List<Path> folders = List.of(folder.resolve("jvm"), folder.resolve("missing"));
    return Main.newerJdk(environment, folders).map(jdk -> jdk.home);
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name)).toRealPath();
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "");
    if (!java.toFile().setExecutable(true)) {
      throw new IOException("cannot mark " + java);
    }
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }
}
