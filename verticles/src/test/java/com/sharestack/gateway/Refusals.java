package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.testing.ApiAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * What every refusal must be like, and the list of all that were seen, for reading:
 * target/refusals.txt.
 */
final class Refusals {

  private static final Path LIST = Path.of("target", "refusals.txt");

  private final Set<String> seen = new ConcurrentSkipListSet<>();

  /** An answer that must be this refusal. */
  ApiAnswer expect(String operation, ApiAnswer answer, int status, String code) {
    sound(operation, answer);
    assertEquals(status + " " + code, answer.status() + " " + answer.errorCode(), answer::toString);
    return answer;
  }

  /** An answer that must name the field. */
  void expectField(String operation, ApiAnswer answer, String field) {
    expect(operation, answer, 400, "VALIDATION_ERROR");
    assertTrue(answer.invalidFields().contains(field), () -> "names " + field + ": " + answer);
  }

  /** Whatever it is, it is no failure of ours and shows nothing of the inside. */
  ApiAnswer sound(String operation, ApiAnswer answer) {
    assertTrue(answer.status() < 500, answer::toString);
    assertEquals("nosniff", answer.header("X-Content-Type-Options"), answer::toString);
    assertNotNull(answer.meta().getString("request_id"), answer::toString);
    assertEquals("application/json; charset=utf-8", answer.header("Content-Type"));
    if (answer.errorCode() != null) {
      String message = answer.json().getJsonObject("error").getString("message");
      seen.add(answer.errorCode() + " | " + operation + " | " + message + " | " + answer.details());
    }
    if (answer.status() == 401) {
      assertEquals("Bearer", answer.header("WWW-Authenticate"));
    }
    return answer;
  }

  void write() {
    try {
      Files.writeString(LIST, String.join("\n", seen) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
