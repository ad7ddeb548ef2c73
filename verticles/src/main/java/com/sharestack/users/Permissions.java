package com.sharestack.users;

import com.sharestack.contract.UserType;
import java.util.ArrayList;
import java.util.List;

/** What an account may do. */
final class Permissions {

  private Permissions() {}

  /** The roles {@code user} and {@code creator} are implied by the account, the others granted. */
  static List<String> roles(UserType type, List<String> granted) {
    List<String> roles = new ArrayList<>(granted.size() + 2);
    roles.add("user");
    if (type == UserType.CREATOR) {
      roles.add("creator");
    }
    roles.addAll(granted);
    return roles;
  }
}
