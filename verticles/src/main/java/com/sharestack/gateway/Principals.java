package com.sharestack.gateway;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.IdBatch;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersPrincipalsRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What accounts are and may do, as this event loop knows it: asked of the users domain, kept for
 * seconds, forgotten at once when a hint says that it changed. One question per account at a time.
 */
final class Principals {

  private static final int KNOWN = 50_000;

  private final UsersService users;
  private final long keepNanos;
  private final Map<Long, Known> known =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Known> eldest) {
          return size() > KNOWN;
        }
      };
  private final Map<Long, Future<Principal>> asked = new HashMap<>();

  private record Known(Principal principal, long untilNanos) {}

  /** An account; {@code permissions} are the effective ones of its roles. */
  record Principal(
      long userId,
      boolean active,
      boolean banned,
      boolean creator,
      boolean verified,
      List<String> roles,
      List<String> permissions) {

    boolean may(String permission) {
      return permissions.contains(permission) || permissions.contains("*");
    }

    static Principal of(com.sharestack.contract.Principal found) {
      return new Principal(
          found.userId(),
          found.status() == AccountStatus.ACTIVE,
          found.status() == AccountStatus.BANNED,
          found.userType() == UserType.CREATOR,
          found.isVerified(),
          found.roles(),
          found.permissions());
    }

    static Principal unknown(long userId) {
      return new Principal(userId, false, false, false, false, List.of(), List.of());
    }
  }

  Principals(UsersService users, int keepSeconds) {
    this.users = users;
    this.keepNanos = keepSeconds * 1_000_000_000L;
  }

  Future<Principal> of(long userId, String requestId) {
    Known present = known.get(userId);
    if (present != null && System.nanoTime() - present.untilNanos() < 0) {
      return Future.succeededFuture(present.principal());
    }
    Future<Principal> running = asked.get(userId);
    if (running != null) {
      return running;
    }
    Future<Principal> answer =
        users
            .principals(
                Callers.system(requestId), new UsersPrincipalsRequest(new IdBatch(List.of(userId))))
            .map(
                found ->
                    found.principals().stream()
                        .findFirst()
                        .map(Principal::of)
                        .orElseGet(() -> Principal.unknown(userId)));
    asked.put(userId, answer);
    return answer.onComplete(
        done -> {
          boolean current = asked.remove(userId, answer);
          if (done.succeeded() && current) {
            known.put(userId, new Known(done.result(), System.nanoTime() + keepNanos));
          }
        });
  }

  /** An answer that is still on its way may be older than the change: it is not kept either. */
  void forget(long userId) {
    known.remove(userId);
    asked.remove(userId);
  }
}
