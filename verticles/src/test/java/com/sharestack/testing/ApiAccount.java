package com.sharestack.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;

/**
 * Somebody with an account, signed in over HTTP.
 *
 * @param api asks as this account
 */
public record ApiAccount(long id, String accessToken, ApiClient api) {

  public static final String PASSWORD = "Sternwarte#2026";

  /**
   * Makes an account and signs it in.
   *
   * @param type reader or creator
   */
  public static ApiAccount of(ApiClient anonymous, String name, String type) {
    register(anonymous, name, type);
    return login(anonymous, name);
  }

  /** Makes an account, for tests that change it before it signs in; answers its id. */
  public static long register(ApiClient anonymous, String name, String type) {
    ApiAnswer made =
        anonymous.post(
            "/auth/register",
            new JsonObject()
                .put("username", name)
                .put("email", name + "@example.com")
                .put("password", PASSWORD)
                .put("user_type", type)
                .put("agree_terms", true));
    assertEquals(201, made.status(), made.toString());
    return made.data().getLong("user_id");
  }

  public static ApiAccount login(ApiClient anonymous, String name) {
    ApiAnswer session =
        anonymous.post(
            "/auth/login", new JsonObject().put("email", name).put("password", PASSWORD));
    assertEquals(200, session.status(), session.toString());
    String token = session.data().getString("access_token");
    return new ApiAccount(
        session.data().getJsonObject("user").getLong("user_id"), token, anonymous.as(token));
  }
}
