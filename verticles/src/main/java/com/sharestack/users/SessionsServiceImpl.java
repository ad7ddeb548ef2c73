package com.sharestack.users;

import com.sharestack.contract.Caller;
import com.sharestack.contract.Revocations;
import com.sharestack.contract.RevocationsQuery;
import com.sharestack.contract.SessionsRevokedSinceRequest;
import com.sharestack.contract.SessionsService;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import java.util.List;

/** Operations sessions.* */
final class SessionsServiceImpl implements SessionsService {

  private static final int MOST_ROWS = 1_000;

  private final SessionRepository sessions;

  SessionsServiceImpl(SessionRepository sessions) {
    this.sessions = sessions;
  }

  @Override
  public Future<Revocations> revokedSince(Caller caller, SessionsRevokedSinceRequest request) {
    RevocationsQuery query = request.body();
    if (query.limit() < 1 || query.limit() > MOST_ROWS) {
      throw Errors.invalid("limit", "须为 1 到 1000");
    }
    SessionRepository.Place from =
        query.cursor() == null
            ? new SessionRepository.Place(query.since(), "", 0)
            : RevocationCursor.read(query.cursor());
    List<SessionRepository.Place> rows = sessions.revokedFrom(from, query.limit());
    String next = rows.size() < query.limit() ? null : RevocationCursor.of(rows.getLast());
    return Future.succeededFuture(
        new Revocations(rows.stream().map(SessionRepository.Place::revocation).toList(), next));
  }
}
