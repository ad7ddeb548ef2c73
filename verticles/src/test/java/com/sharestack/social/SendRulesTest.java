package com.sharestack.social;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sharestack.contract.ErrorCode;
import com.sharestack.social.SendRules.Standing;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendRulesTest {

  private static Standing stranger(WhoCanMessage setting, boolean senderFollows, int written) {
    return new Standing(false, false, true, setting, senderFollows, false, true, written, false);
  }

  private static Optional<ErrorCode> of(Standing standing) {
    return SendRules.refusal(standing);
  }

  @Test
  void theOwnBlockIsNamedAndComesBeforeTheOtherSides() {
    Standing both =
        new Standing(true, true, false, WhoCanMessage.NOBODY, false, false, true, 9, false);
    assertEquals(Optional.of(ErrorCode.USER_BLOCKED), of(both));
  }

  @Test
  void theOtherSidesBlockAndAccountLookLikeItsPrivacySetting() {
    Standing blocked =
        new Standing(false, true, true, WhoCanMessage.EVERYONE, true, true, false, 0, true);
    Standing banned =
        new Standing(false, false, false, WhoCanMessage.EVERYONE, true, true, false, 0, true);
    assertEquals(Optional.of(ErrorCode.MESSAGE_NOT_ALLOWED), of(blocked));
    assertEquals(Optional.of(ErrorCode.MESSAGE_NOT_ALLOWED), of(banned));
    assertEquals(
        Optional.of(ErrorCode.MESSAGE_NOT_ALLOWED), of(stranger(WhoCanMessage.NOBODY, true, 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "EVERYONE, false, false, true",
    "FOLLOWERS, true, false, true",
    "FOLLOWERS, false, true, false",
    "FOLLOWED, false, true, true",
    "FOLLOWED, true, false, false",
    "MUTUAL, true, false, false",
    "MUTUAL, false, true, false",
    "MUTUAL, true, true, true",
    "NOBODY, true, true, false"
  })
  void theSettingDecidesWhoMayBegin(
      WhoCanMessage setting, boolean senderFollows, boolean recipientFollows, boolean allowed) {
    Standing standing =
        new Standing(
            false,
            false,
            true,
            setting,
            senderFollows,
            recipientFollows,
            !recipientFollows,
            0,
            false);
    assertEquals(allowed, of(standing).isEmpty());
  }

  @Test
  void aConversationTheRecipientWroteInGoesOnWhateverHisSetting() {
    Standing talking =
        new Standing(false, false, true, WhoCanMessage.NOBODY, false, false, false, 40, true);
    assertEquals(Optional.empty(), of(talking));
  }

  @Test
  void aFourthMessageToSomebodyWhoHasNotAnsweredIsRefused() {
    assertEquals(Optional.empty(), of(stranger(WhoCanMessage.EVERYONE, false, 2)));
    assertEquals(
        Optional.of(ErrorCode.MESSAGE_REQUEST_LIMIT),
        of(stranger(WhoCanMessage.EVERYONE, false, 3)));
  }

  @Test
  void whoIsFollowedByTheRecipientMayWriteOn() {
    Standing followed =
        new Standing(false, false, true, WhoCanMessage.EVERYONE, false, true, false, 7, false);
    assertEquals(Optional.empty(), of(followed));
  }
}
