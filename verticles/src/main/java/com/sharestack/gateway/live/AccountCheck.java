package com.sharestack.gateway.live;

/** Asks whether the account of a connection may stay connected; one question at a time. */
final class AccountCheck {

  private final Sessions sessions;
  private final Connection connection;
  private boolean asking;

  AccountCheck(Sessions sessions, Connection connection) {
    this.sessions = sessions;
    this.connection = connection;
  }

  /**
   * Closes the connection of an account that may not stay; a ban is told as such also when an ended
   * session gave the reason to ask.
   *
   * @param otherwise the reason to close although the account is in order; null to stay
   */
  void check(CloseCode otherwise) {
    if (asking) {
      return;
    }
    asking = true;
    sessions
        .standing(connection.session().userId())
        .onComplete(
            standing -> {
              asking = false;
              decide(standing, otherwise);
            },
            away -> {
              asking = false;
              if (otherwise != null) {
                connection.close(otherwise);
              }
            });
  }

  private void decide(Standing standing, CloseCode otherwise) {
    if (!standing.active()) {
      connection.close(standing.banned() ? CloseCode.SUSPENDED : CloseCode.SESSION_ENDED);
    } else if (otherwise != null) {
      connection.close(otherwise);
    } else {
      connection.stands(standing);
    }
  }
}
