package com.sharestack.archfixture.platform;

final class Prints {
  void say() {
    System.err.println("hello");
  }
}
