package com.sharestack.billing;

import com.sharestack.contract.Caller;
import com.sharestack.contract.UserType;

/** Who acts, in the words of the billing entries. */
public final class Actors {

  private Actors() {}

  /** Staff that may see and act for every creator; moderators are not among them. */
  public static boolean isAdmin(Caller caller) {
    return caller.roles().contains("admin") || caller.roles().contains("super_admin");
  }

  /** Staff to whom all content is open. */
  public static boolean readsEverything(Caller caller) {
    return isAdmin(caller) || caller.roles().contains("moderator");
  }

  public static boolean isCreator(Caller caller) {
    return caller.userId() != null && UserType.CREATOR.literal().equals(caller.userType());
  }

  /** The role an audit row names: the strongest one the caller acts in. */
  public static String role(Caller caller) {
    if (isAdmin(caller)) {
      return "admin";
    }
    return isCreator(caller) ? "creator" : "user";
  }
}
