package com.sharestack.platform.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.contract.Caller;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallersTest {

  private static Caller user(Long id, String... permissions) {
    return Caller.builder()
        .userId(id)
        .roles(List.of())
        .permissions(List.of(permissions))
        .requestId("r")
        .build();
  }

  @Test
  void anonymousCallersAreNobody() {
    assertTrue(Callers.anonymous(user(null)));
    assertFalse(Callers.isUser(user(null), 0));
    assertFalse(Callers.may(user(null), "content:manage"));
  }

  @Test
  void aUserIsHimselfAndMayWhatHisPermissionsSay() {
    assertTrue(Callers.isUser(user(70_000L), 70_000));
    assertFalse(Callers.isUser(user(70_000L), 70_001));
    assertTrue(Callers.may(user(1L, "content:manage"), "content:manage"));
    assertFalse(Callers.may(user(1L, "content:manage"), "content:manage:all"));
    assertTrue(Callers.may(user(1L, "*"), "anything"));
  }

  @Test
  void thePlatformItselfIsNoUserAndHoldsNoPermission() {
    Caller system = Callers.system("timer_1");
    assertTrue(Callers.anonymous(system));
    assertEquals("system", system.userType());
    assertEquals("timer_1", system.requestId());
    assertFalse(Callers.may(system, "content:manage"));
  }
}
