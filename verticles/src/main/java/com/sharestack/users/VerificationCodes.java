package com.sharestack.users;

import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.cache.Cache;
import com.sharestack.platform.crypto.BlindIndex;
import com.sharestack.platform.errors.Errors;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/**
 * Codes sent to a phone or an address: six digits, five minutes, one use, destroyed by the fifth
 * wrong try; a new one replaces the old. Redis holds {@code vc:{purpose}:{hmac(target)}} with the
 * HMAC of the code. While Redis is away nothing can be verified: SERVICE_UNAVAILABLE, never a pass.
 */
final class VerificationCodes {

  static final String REGISTER = "register";

  /** Its target is {@link #ofUser}: a code of one account proves nothing for another. */
  static final String REAUTHENTICATE = "reauthenticate";

  private static final Duration LIFE = Duration.ofSeconds(300);
  private static final int MOST_TRIES = 5;
  private static final int CODES = 1_000_000;
  private static final long RIGHT = -1;

  private static final String ISSUE =
      """
      redis.call('DEL', KEYS[1])
      redis.call('HSET', KEYS[1], 'code', ARGV[1])
      redis.call('PEXPIRE', KEYS[1], ARGV[2])
      return 1
      """;

  /** -1 = right and consumed, else how many tries are left. */
  private static final String CHECK =
      """
      local code = redis.call('HGET', KEYS[1], 'code')
      if not code then return 0 end
      if code == ARGV[1] then
        redis.call('DEL', KEYS[1])
        return -1
      end
      local left = tonumber(ARGV[2]) - redis.call('HINCRBY', KEYS[1], 'failed', 1)
      if left <= 0 then
        redis.call('DEL', KEYS[1])
        return 0
      end
      return left
      """;

  private final SecureRandom random = new SecureRandom();
  private final Cache cache;
  private final BlindIndex index;

  VerificationCodes(Cache cache, BlindIndex index) {
    this.cache = cache;
    this.index = index;
  }

  /** The target of a code that was sent to an address of a known account. */
  static String ofUser(long userId, String address) {
    return userId + ":" + address;
  }

  /**
   * Makes a code for the target and forgets the one before.
   *
   * @throws io.vertx.serviceproxy.ServiceException SERVICE_UNAVAILABLE while Redis is away
   */
  String issue(String purpose, String target) {
    String code = String.format("%06d", random.nextInt(CODES));
    run(ISSUE, purpose, target, code, String.valueOf(LIFE.toMillis()));
    return code;
  }

  /**
   * Uses up the code.
   *
   * @throws io.vertx.serviceproxy.ServiceException VERIFICATION_CODE_INVALID with
   *     details.attempts_left; SERVICE_UNAVAILABLE while Redis is away
   */
  void consume(String purpose, String target, String code) {
    long left = run(CHECK, purpose, target, code, String.valueOf(MOST_TRIES)).toLong();
    if (left != RIGHT) {
      throw Errors.of(ErrorCode.VERIFICATION_CODE_INVALID, "attempts_left", left);
    }
  }

  private Response run(String script, String purpose, String target, String code, String limit) {
    String key = cache.key("vc:" + purpose + ":" + index.hex("vc.target", target));
    String hash = index.hex("vc.code", purpose + ":" + target + ":" + code);
    return cache
        .run(script, List.of(key), List.of(hash, limit))
        .recover(
            away ->
                io.vertx.core.Future.failedFuture(
                    Errors.of(ErrorCode.SERVICE_UNAVAILABLE, "reason", "CACHE_AWAY")))
        .await();
  }
}
