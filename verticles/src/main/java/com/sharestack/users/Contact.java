package com.sharestack.users;

import com.sharestack.platform.crypto.BlindIndex;
import com.sharestack.platform.crypto.Sealer;

/** Phone numbers at rest: sealed, found by a blind index. Everything takes and gives E.164. */
record Contact(Sealer sealer, BlindIndex index) {

  private static final String PHONE = "users.phone";

  byte[] sealPhone(String e164) {
    return sealer.seal(PHONE, e164);
  }

  String openPhone(byte[] sealed) {
    return sealer.open(PHONE, sealed);
  }

  byte[] phoneIndex(String e164) {
    return index.of(PHONE, e164);
  }
}
