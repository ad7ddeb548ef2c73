package com.sharestack.archfixture.content;

final class ReadsSystemTime {
  long millis() {
    return System.currentTimeMillis() - java.time.Instant.now().toEpochMilli();
  }

  java.time.Instant allowed(java.time.Clock clock) {
    return clock.instant();
  }
}
