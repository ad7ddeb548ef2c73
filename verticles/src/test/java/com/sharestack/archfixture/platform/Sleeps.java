package com.sharestack.archfixture.platform;

final class Sleeps {
  void nap() throws InterruptedException {
    Thread.sleep(java.time.Duration.ofMillis(1));
  }
}
