package com.sharestack.platform.service;

import com.sharestack.contract.Caller;

/** Who is calling, asked in the words of the contract. */
public final class Callers {

  private Callers() {}

  /** The platform itself: timers, event consumers, jobs. */
  public static Caller system(String requestId) {
    return Caller.builder()
        .userType("system")
        .roles(java.util.List.of())
        .permissions(java.util.List.of())
        .requestId(requestId)
        .build();
  }

  public static boolean anonymous(Caller caller) {
    return caller.userId() == null;
  }

  public static boolean isUser(Caller caller, long userId) {
    return caller.userId() != null && caller.userId() == userId;
  }

  /** Whether the caller holds {@code permission}; super administrators hold all. */
  public static boolean may(Caller caller, String permission) {
    return caller.permissions().contains(permission) || caller.permissions().contains("*");
  }
}
