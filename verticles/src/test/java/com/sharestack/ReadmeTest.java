package com.sharestack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sharestack.billing.PaidRails;
import com.sharestack.testing.TestNode;
import com.sharestack.testing.TestRails;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first five minutes work to the letter, but for the port. */
class ReadmeTest {

  @TempDir Path folder;

  @Test
  void theFirstFiveMinutesWorkAsWritten() throws Exception {
    assumeTrue(
        installed("bash") && installed("curl"), "bash or curl is missing: the README is not run");
    String readme = Files.readString(Path.of("../README.md"));
    String block = readme.substring(readme.indexOf("```bash\n") + 8);
    String script = block.substring(0, block.indexOf("```"));
    assertTrue(script.startsWith("BASE=http://127.0.0.1:8080/api/v1\n"), "the port is said once");
    try (TestRails rails = new TestRails();
        TestNode node = WholeNode.seeded("readme", environment(rails))) {
      String output =
          run(
              script
                  .replace(":8080", ":" + node.node().httpPort())
                  .replace("http://127.0.0.1:8090", rails.origin()));
      List<String> answers = output.lines().filter(line -> line.startsWith("{")).toList();
      assertEquals(7, answers.size(), output);
      answers.forEach(answer -> assertTrue(answer.startsWith("{\"success\":true"), answer));
      assertTrue(output.matches("(?s).*article \\d+\n.*"), output);
      assertTrue(answers.get(0).contains("\"content_truncated\":true"), answers.get(0));
      assertFalse(answers.get(0).contains("只有订阅者能看到"), answers.get(0));
      assertTrue(answers.get(2).contains("\"status\":\"active\""), answers.get(2));
      assertTrue(answers.get(3).contains("只有订阅者能看到"), answers.get(3));
      assertTrue(answers.get(4).contains("subscription_new"), answers.get(4));
      assertTrue(answers.get(5).contains("下次先改哪一条"), answers.get(5));
      assertTrue(answers.get(6).contains("\"pending\":8.91"), answers.get(6));
    }
  }

  /**
   * The twin of the rails, whose notifications come to this node; its port must be known before.
   */
  private static String[] environment(TestRails rails) throws IOException {
    List<String> environment = new ArrayList<>(PaidRails.environment(rails));
    int notify = environment.indexOf("SHARESTACK_RAILS_NOTIFY_URL");
    environment.subList(notify, notify + 2).clear();
    try (ServerSocket free = new ServerSocket(0)) {
      environment.addAll(List.of("SHARESTACK_HTTP_PORT", String.valueOf(free.getLocalPort())));
    }
    return environment.toArray(String[]::new);
  }

  private static boolean installed(String program) {
    try {
      return new ProcessBuilder(program, "--version").start().waitFor() == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String run(String script) throws Exception {
    Path file = folder.resolve("five-minutes.sh");
    Path output = folder.resolve("output");
    Files.writeString(file, script);
    Process process =
        new ProcessBuilder("bash", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "five minutes took more than one");
    assertEquals(0, process.exitValue(), Files.readString(output));
    return Files.readString(output);
  }
}
