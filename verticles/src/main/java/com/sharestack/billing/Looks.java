package com.sharestack.billing;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.errors.Errors;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Looks again after a lost race: when a unique key said no, its winner has committed, so the next
 * look sees the row.
 */
public final class Looks {

  private Looks() {}

  /**
   * The first answer that a look gives.
   *
   * @param most looks before the caller is asked to come again
   * @param look empty when what was found had to be put out of the way first
   * @throws io.vertx.serviceproxy.ServiceException CONFLICT reason CONCURRENT_REQUEST after the
   *     last look, and whatever a look itself refuses
   */
  public static <T> T until(int most, Supplier<Optional<T>> look) {
    for (int looks = 0; looks < most; looks++) {
      try {
        Optional<T> found = look.get();
        if (found.isPresent()) {
          return found.get();
        }
      } catch (DuplicateKeyException raced) {
        // the next look sees who won
      }
    }
    throw Errors.of(ErrorCode.CONFLICT, "reason", "CONCURRENT_REQUEST");
  }
}
