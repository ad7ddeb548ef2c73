package com.sharestack.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.OwnProfile;
import com.sharestack.contract.UsersService;
import com.sharestack.testing.ApiAnswer;
import com.sharestack.testing.ApiGateway;
import com.sharestack.testing.ApiSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom X-Forwarded-For is believed; the other cases are in {@link LimitsTest}. */
class ClientAddressTest {

  private static ApiGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        ApiGateway.start("gw_address", "SHARESTACK_HTTP_TRUSTED_PROXIES", "127.0.0.1")
            .answer(
                UsersService.class, "profileGet", (c, r) -> ApiGateway.sample(OwnProfile.class));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void forget() {
    gateway.forgetCalls();
  }

  private static String seen(String... headers) throws Exception {
    try (ApiSocket socket = new ApiSocket(gateway.api().port())) {
      StringBuilder request =
          new StringBuilder("GET /api/v1/users/profile HTTP/1.1\r\nHost: x\r\n");
      request
          .append("Authorization: Bearer ")
          .append(gateway.token(ApiGateway.READER, "ses_a"))
          .append("\r\n");
      for (String header : headers) {
        request.append("X-Forwarded-For: ").append(header).append("\r\n");
      }
      ApiAnswer answer = socket.write(request.append("\r\n").toString()).read();
      assertEquals(200, answer.status());
      return gateway.calls().getLast().caller().ip();
    }
  }

  @Test
  void aTrustedProxyIsBelieved() throws Exception {
    assertEquals("203.0.113.7", seen("203.0.113.7"));
    assertEquals("2001:db8::7", seen("2001:db8::7"));
  }

  @Test
  void theProxysOwnLineWinsOverTheClients() throws Exception {
    assertEquals("203.0.113.7", seen("6.6.6.6", "203.0.113.7"));
    assertEquals("203.0.113.7", seen("6.6.6.6, 203.0.113.7"));
  }

  @Test
  void whatIsNoAddressIsNotBelieved() throws Exception {
    assertEquals("127.0.0.1", seen("unknown"));
    assertEquals("127.0.0.1", seen("<script>"));
    assertEquals("127.0.0.1", seen(""));
    assertEquals("127.0.0.1", seen("1".repeat(50)));
    assertEquals("127.0.0.1", seen("127.0.0.1"));
  }
}
