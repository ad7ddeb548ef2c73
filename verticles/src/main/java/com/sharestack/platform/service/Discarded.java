package com.sharestack.platform.service;

import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;

/**
 * Calls that reached an instance just after it was taken off the bus. The bus throws those away
 * unread and says so at once, under the name of a time-out. Nothing was done, so the call is made
 * again, whatever it is: another instance takes it, or nobody serves the address.
 */
public final class Discarded {

  /** Instances that go one after the other may each discard the call once. */
  private static final int MOST_REPEATS = 8;

  /** How {@code HandlerRegistration} of Vert.x begins its answer for such a message. */
  private static final String SENTENCE = "Discarded the request";

  private Discarded() {}

  /** Makes the call, and again while it is thrown away unread. */
  public static <T> Future<T> repeated(Supplier<Future<T>> call) {
    return repeated(call, MOST_REPEATS);
  }

  private static <T> Future<T> repeated(Supplier<Future<T>> call, int repeats) {
    return call.get()
        .recover(
            failure ->
                repeats > 0 && is(failure)
                    ? repeated(call, repeats - 1)
                    : Future.failedFuture(failure));
  }

  private static boolean is(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.TIMEOUT
        && reply.getMessage() != null
        && reply.getMessage().startsWith(SENTENCE);
  }

  /** A client whose calls are repeated. */
  static <T> T around(Class<T> type, T client) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) ->
                Future.class.isAssignableFrom(method.getReturnType())
                    ? repeated(() -> call(client, method, args))
                    : method.invoke(client, args)));
  }

  private static Future<Object> call(Object client, Method method, Object[] args) {
    try {
      @SuppressWarnings("unchecked")
      Future<Object> answer = (Future<Object>) method.invoke(client, args);
      return answer;
    } catch (InvocationTargetException thrown) {
      return Future.failedFuture(thrown.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("service interfaces are public", e);
    }
  }
}
