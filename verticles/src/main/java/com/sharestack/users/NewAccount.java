package com.sharestack.users;

import com.sharestack.contract.UserType;

/**
 * What a registration stores, checked and normalised.
 *
 * @param emailKey lower case; null without e-mail
 * @param phone E.164, proven by a code; null without phone
 */
record NewAccount(
    UserType userType,
    String username,
    String emailKey,
    String phone,
    String passwordHash,
    String displayName,
    String termsVersion,
    String ip) {

  NewAccount named(String username) {
    return new NewAccount(
        userType, username, emailKey, phone, passwordHash, displayName, termsVersion, ip);
  }

  @Override
  public String toString() {
    return "NewAccount[" + username + "]";
  }
}
