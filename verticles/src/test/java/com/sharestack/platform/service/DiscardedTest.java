package com.sharestack.platform.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.TrialContent;
import com.sharestack.contract.TrialGetRequest;
import com.sharestack.contract.TrialService;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an instance that is taken off the bus throws away unread is asked again. */
@Timeout(60)
class DiscardedTest {

  private static final String ADDRESS = "test.discarded";
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger handled = new AtomicInteger();

  @AfterEach
  void stop() {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private Context loop() {
    return ((VertxInternal) vertx).createEventLoopContext();
  }

  private MessageConsumer<String> instance(Context context, String name) {
    Promise<MessageConsumer<String>> made = Promise.promise();
    context.runOnContext(
        go -> {
          MessageConsumer<String> consumer =
              vertx
                  .eventBus()
                  .localConsumer(
                      ADDRESS,
                      message -> {
                        handled.incrementAndGet();
                        message.reply(name);
                      });
          consumer.completion().<MessageConsumer<String>>map(consumer).onComplete(made);
        });
    return get(made.future());
  }

  /** Asks {@code calls} times while the first of two instances is about to go. */
  private List<Future<String>> askedWhileOneGoes(int calls, boolean repeated) throws Exception {
    Context going = loop();
    MessageConsumer<String> first = instance(going, "first");
    instance(loop(), "second");
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    going.runOnContext(
        block -> {
          held.countDown();
          try {
            busy.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    held.await(20, TimeUnit.SECONDS);
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      answers.add(repeated ? Discarded.repeated(this::ask) : ask());
    }
    first.unregister();
    busy.countDown();
    return answers;
  }

  private Future<String> ask() {
    return vertx.eventBus().<String>request(ADDRESS, "?").map(reply -> reply.body());
  }

  @Test
  void anotherInstanceAnswersEveryCallOnce() throws Exception {
    for (Future<String> answer : askedWhileOneGoes(10, true)) {
      assertEquals("second", get(answer));
    }
    assertEquals(10, handled.get());
  }

  /** The sentence by which such calls are known is not ours. */
  @Test
  void withoutThatHalfOfThemWouldFailAtOnce() throws Exception {
    int failed = 0;
    for (Future<String> answer : askedWhileOneGoes(10, false)) {
      try {
        get(answer);
      } catch (CompletionException discarded) {
        ReplyException reply = assertInstanceOf(ReplyException.class, discarded.getCause());
        assertEquals(ReplyFailure.TIMEOUT, reply.failureType());
        failed++;
      }
    }
    assertEquals(5, failed);
  }

  @Test
  void aCallThatRanOutOfTimeOrFailedIsNotRepeated() {
    AtomicInteger calls = new AtomicInteger();
    List<Throwable> failures =
        List.of(
            new ReplyException(
                ReplyFailure.TIMEOUT, "Timed out after waiting 5000(ms) for a reply"),
            new ReplyException(ReplyFailure.NO_HANDLERS, "No handlers for address"),
            Errors.of(ErrorCode.CONFLICT));
    for (Throwable failure : failures) {
      calls.set(0);
      Future<Object> answer =
          Discarded.repeated(
              () -> {
                calls.incrementAndGet();
                return Future.failedFuture(failure);
              });
      assertThrows(CompletionException.class, () -> get(answer));
      assertEquals(1, calls.get(), failure::getMessage);
    }
  }

  @Test
  void clientsOfServicesRepeatToo() {
    AtomicInteger calls = new AtomicInteger();
    TrialService client =
        Discarded.around(
            TrialService.class,
            new TrialService() {
              @Override
              public Future<TrialContent> get(Caller caller, TrialGetRequest request) {
                return calls.incrementAndGet() < 3
                    ? Future.failedFuture(
                        new ReplyException(
                            ReplyFailure.TIMEOUT, "Discarded the request. address: x"))
                    : Future.failedFuture(Errors.of(ErrorCode.NOT_FOUND));
              }
            });
    Future<TrialContent> answer = client.get(Callers.system("req_1"), null);
    assertThrows(CompletionException.class, () -> get(answer));
    assertEquals(3, calls.get());
  }
}
