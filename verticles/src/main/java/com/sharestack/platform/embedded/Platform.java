package com.sharestack.platform.embedded;

import java.util.Locale;

/** Operating system and processor, in the words of the libraries that carry the programs. */
record Platform(String os, String arch) {

  static Platform current() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String os = name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "mac" : "linux";
    String arch =
        switch (System.getProperty("os.arch")) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          default -> System.getProperty("os.arch");
        };
    return new Platform(os, arch);
  }

  boolean isWindows() {
    return os.equals("windows");
  }

  boolean isMac() {
    return os.equals("mac");
  }

  @Override
  public String toString() {
    return os + "/" + arch;
  }
}
