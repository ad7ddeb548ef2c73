package com.sharestack;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * The entry class. It is compiled for Java 11 and uses nothing but the JDK, so that an older JVM
 * can load it: there it looks for a newer JDK and starts the application with it, or says in one
 * sentence what is missing.
 */
public final class Main {
  private static final int LEAST_JAVA = 21;

  /** From this version on the JVM warns of what Netty does unless it is told that it is known. */
  private static final int WARNS_OF_UNSAFE = 24;

  /** What Netty and Hazelcast use of the JDK's insides; the manifest says the same for -jar. */
  private static final List<String> REACHED_INTO =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--add-modules=java.se",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.management/sun.management=ALL-UNNAMED",
          "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

  private static final String APPLICATION = "com.sharestack.App";
  private static final int NO_JAVA_EXIT = 2;
  private static final int STOP_SECONDS = 40;

  private Main() {}

  public static void main(String[] args) throws Exception {
    if (Runtime.version().feature() >= LEAST_JAVA) {
      runHere(args);
      return;
    }
    Optional<Jdk> jdk =
        newerJdk(
            System.getenv(), searchedFolders(System.getenv(), System.getProperty("user.home")));
    if (jdk.isEmpty()) {
      System.err.println(
          "ShareStack needs Java "
              + LEAST_JAVA
              + " or newer and this is Java "
              + Runtime.version().feature()
              + ": install one, or name its folder in SHARESTACK_JAVA.");
      System.exit(NO_JAVA_EXIT);
    }
    System.exit(runWith(jdk.get(), args));
  }

  private static void runHere(String[] args) throws Exception {
    try {
      Class.forName(APPLICATION).getMethod("main", String[].class).invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception) {
        throw (Exception) e.getCause();
      }
      throw e;
    }
  }

  /**
   * Runs the application in a child JVM; the child's exit code. Ending this JVM ends the child,
   * however it ends.
   */
  private static int runWith(Jdk jdk, String[] args) throws IOException, InterruptedException {
    System.err.println(
        "Java " + Runtime.version().feature() + " is too old; starting with " + jdk.home + ".");
    List<String> jvmArguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
    Process child =
        new ProcessBuilder(command(jdk, System.getProperty("java.class.path"), jvmArguments, args))
            .inheritIO()
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(child), "stop-child"));
    return child.waitFor();
  }

  private static void stop(Process child) {
    if (!child.isAlive()) {
      return;
    }
    child.destroy();
    try {
      if (!child.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
    } catch (InterruptedException e) {
      child.destroyForcibly();
    }
  }

  /** Of the arguments of this JVM only those are passed on that every version understands. */
  static List<String> command(Jdk jdk, String classPath, List<String> jvmArguments, String[] args) {
    List<String> command = new ArrayList<>();
    command.add(jdk.java().toString());
    command.addAll(REACHED_INTO);
    if (jdk.feature >= WARNS_OF_UNSAFE) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    for (String argument : jvmArguments) {
      if (argument.startsWith("-D") || argument.matches("-X(mx|ms|ss)\\d+.?")) {
        command.add(argument);
      }
    }
    command.add("-Dsharestack.follow-parent=true");
    command.add("-cp");
    command.add(classPath);
    command.add(APPLICATION);
    command.addAll(Arrays.asList(args));
    return command;
  }

  /**
   * The JDK to use: the one that SHARESTACK_JAVA or JAVA_HOME names if it is new enough, else the
   * newest installed one.
   *
   * @param folders whose subfolders are JDKs
   */
  static Optional<Jdk> newerJdk(Map<String, String> environment, List<Path> folders) {
    for (String variable : List.of("SHARESTACK_JAVA", "JAVA_HOME")) {
      String value = environment.getOrDefault(variable, "");
      Optional<Jdk> named = value.isBlank() ? Optional.empty() : jdk(Path.of(value));
      if (named.isPresent()) {
        return named;
      }
    }
    List<Jdk> found = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
        children.forEach(child -> jdk(child).ifPresent(found::add));
      } catch (IOException e) {
        // a folder that cannot be listed offers no JDK
      }
    }
    return found.stream()
        .max(Comparator.<Jdk>comparingInt(jdk -> jdk.feature).thenComparing(jdk -> jdk.home));
  }

  private static List<Path> searchedFolders(Map<String, String> environment, String home) {
    List<Path> folders = new ArrayList<>();
    folders.add(Path.of("/usr/lib/jvm"));
    folders.add(Path.of("/opt/java"));
    folders.add(Path.of("/Library/Java/JavaVirtualMachines"));
    folders.add(Path.of(home, ".sdkman", "candidates", "java"));
    folders.add(Path.of(home, ".jdks"));
    folders.add(Path.of(home, "Library", "Java", "JavaVirtualMachines"));
    String programs = environment.getOrDefault("ProgramFiles", "");
    if (!programs.isBlank()) {
      folders.add(Path.of(programs, "Java"));
      folders.add(Path.of(programs, "Eclipse Adoptium"));
      folders.add(Path.of(programs, "Microsoft"));
    }
    return folders;
  }

  /** The JDK at a path - its folder, a macOS bundle, or its java program - if it is new enough. */
  static Optional<Jdk> jdk(Path path) {
    try {
      Path real = path.toRealPath();
      Path home = Files.isRegularFile(real) ? real.getParent().getParent() : real;
      Path bundle = home.resolve("Contents").resolve("Home");
      Jdk jdk = new Jdk(Files.isDirectory(bundle) ? bundle : home);
      return jdk.feature >= LEAST_JAVA && Files.isExecutable(jdk.java())
          ? Optional.of(jdk)
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // not there, not readable, not a JDK
    }
  }

  /** An installed JDK; its version is read from its release file, without starting it. */
  static final class Jdk {
    final Path home;
    final int feature;

    Jdk(Path home) throws IOException {
      this.home = home;
      Properties release = new Properties();
      try (InputStream in = Files.newInputStream(home.resolve("release"))) {
        release.load(in);
      }
      String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
      this.feature = version.isEmpty() ? 0 : Integer.parseInt(version.split("\\D", 2)[0]);
    }

    Path java() {
      return home.resolve("bin").resolve(File.separatorChar == '\\' ? "java.exe" : "java");
    }
  }
}
