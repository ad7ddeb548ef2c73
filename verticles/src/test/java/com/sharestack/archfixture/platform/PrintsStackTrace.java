package com.sharestack.archfixture.platform;

final class PrintsStackTrace {
  void say(Exception e) {
    e.printStackTrace();
  }
}
