package com.sharestack.platform.embedded;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shows the operator what the start is doing and how long each stage took, one line per event so
 * that it reads the same on a terminal and in a log file: {@code [ 2/6] unpack database ... 3.1 s}.
 *
 * <p>Stages may run in parallel; each keeps the number it got when it began.
 */
public final class Stages implements AutoCloseable {
  private static final int PERCENT_STEP = 10;

  private final PrintStream out;
  private final int total;
  private final Duration heartbeat;
  private final AtomicInteger begun = new AtomicInteger();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "stages");
            thread.setDaemon(true);
            return thread;
          });

  /** What a stage does. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Progress progress) throws Exception;
  }

  /** Told by a stage how far it is. */
  @FunctionalInterface
  public interface Progress {
    void report(long done, long of);
  }

  /**
   * @param total how many stages there will be, skipped ones included
   */
  public Stages(PrintStream out, int total) {
    this(out, total, Duration.ofSeconds(5));
  }

  /**
   * @param heartbeat after how long without a word a stage says that it still works
   */
  Stages(PrintStream out, int total, Duration heartbeat) {
    this.out = out;
    this.total = total;
    this.heartbeat = heartbeat;
  }

  /**
   * Runs a stage and prints its time.
   *
   * @throws StartupFailure of the work, or one that names the stage if the work threw anything
   *     checked
   */
  public <T> T run(String name, Work<T> work) {
    Line line = new Line(name);
    ScheduledFuture<?> beats =
        timer.scheduleAtFixedRate(
            line::beat, heartbeat.toMillis(), heartbeat.toMillis(), TimeUnit.MILLISECONDS);
    try {
      T result = work.run(line::percent);
      beats.cancel(false);
      line.print(line.seconds());
      return result;
    } catch (Exception e) {
      beats.cancel(false);
      line.print("failed after " + line.seconds());
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      if (e instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new StartupFailure("Could not " + name + ": " + e + ".", e);
    }
  }

  /** Prints a stage that there is nothing to do for. */
  public void skip(String name, String reason) {
    new Line(name).print(reason);
  }

  /** Prints how long all took since the JVM was started, and ends the timer. */
  public void ready() {
    Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    long millis = Duration.between(start, Instant.now()).toMillis();
    out.printf(Locale.ROOT, "ready in %.1f s%n", millis / 1000.0);
    close();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** One stage while it runs. */
  private final class Line {
    private final String prefix;
    private final long startNanos = System.nanoTime();
    private int shownPercent;

    Line(String name) {
      prefix = String.format(Locale.ROOT, "[%2d/%d] %s ... ", begun.incrementAndGet(), total, name);
    }

    synchronized void percent(long done, long of) {
      int percent = of <= 0 ? 0 : (int) (Math.min(done, of) * 100 / of);
      if (percent >= shownPercent + PERCENT_STEP && percent < 100) {
        shownPercent = percent - percent % PERCENT_STEP;
        print(shownPercent + " %");
      }
    }

    void beat() {
      print("still working, " + seconds());
    }

    void print(String text) {
      out.println(prefix + text);
    }

    String seconds() {
      return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - startNanos) / 1e9);
    }
  }
}
