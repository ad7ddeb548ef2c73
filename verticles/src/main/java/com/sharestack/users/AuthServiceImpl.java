package com.sharestack.users;

import com.sharestack.contract.AuthCheckStepUpRequest;
import com.sharestack.contract.AuthLoginRequest;
import com.sharestack.contract.AuthLogoutRequest;
import com.sharestack.contract.AuthReauthenticateRequest;
import com.sharestack.contract.AuthRefreshRequest;
import com.sharestack.contract.AuthRegisterRequest;
import com.sharestack.contract.AuthService;
import com.sharestack.contract.Caller;
import com.sharestack.contract.LoginResult;
import com.sharestack.contract.MessageResult;
import com.sharestack.contract.RegisteredUser;
import com.sharestack.contract.SecurityTokenResult;
import com.sharestack.contract.StepUpProof;
import com.sharestack.contract.TokenPair;
import io.vertx.core.Future;

/** Operations auth.* */
final class AuthServiceImpl implements AuthService {

  private final Registration registration;
  private final PasswordLogin passwordLogin;
  private final TokenRefresh tokenRefresh;
  private final Reauthentication reauthentication;
  private final UsersParts parts;

  AuthServiceImpl(UsersParts parts, SecurityTokens tokens, String publicUrl) {
    this.parts = parts;
    this.registration = new Registration(parts, publicUrl);
    this.passwordLogin = new PasswordLogin(parts);
    this.tokenRefresh = new TokenRefresh(parts);
    this.reauthentication = new Reauthentication(parts, tokens);
  }

  @Override
  public Future<RegisteredUser> register(Caller caller, AuthRegisterRequest request) {
    return Future.succeededFuture(registration.register(caller, request.body()));
  }

  @Override
  public Future<LoginResult> login(Caller caller, AuthLoginRequest request) {
    return Future.succeededFuture(passwordLogin.login(caller, request.body()));
  }

  @Override
  public Future<TokenPair> refresh(Caller caller, AuthRefreshRequest request) {
    return Future.succeededFuture(tokenRefresh.refresh(caller, request.body().refreshToken()));
  }

  @Override
  public Future<SecurityTokenResult> reauthenticate(
      Caller caller, AuthReauthenticateRequest request) {
    return Future.succeededFuture(reauthentication.reauthenticate(caller, request.body()));
  }

  @Override
  public Future<StepUpProof> checkStepUp(Caller caller, AuthCheckStepUpRequest request) {
    return Future.succeededFuture(reauthentication.check(caller, request.body()));
  }

  /**
   * The session row decides: a gateway that has not heard of the end yet lets the token through.
   */
  @Override
  public Future<MessageResult> logout(Caller caller, AuthLogoutRequest request) {
    String sessionId = caller.sessionId();
    boolean ended =
        parts
            .db()
            .tx(
                tx ->
                    parts
                        .sessions()
                        .end(
                            tx,
                            caller,
                            sessionId,
                            caller.userId(),
                            "logout",
                            parts.clock().instant()));
    if (!ended) {
      throw AccountErrors.unauthorized("token_revoked");
    }
    parts.signals().sessionRevoked(sessionId);
    return Future.succeededFuture(new MessageResult("已退出登录"));
  }
}
