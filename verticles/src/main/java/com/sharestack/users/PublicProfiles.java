package com.sharestack.users;

import com.sharestack.contract.wire.Wire;
import com.sharestack.platform.cache.Cache;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Profiles as every viewer may share them, kept in Redis under {@code user:public:{id}} for an
 * hour. Whoever changes an account, its profile, its privacy or its counts evicts it after the
 * commit.
 */
final class PublicProfiles {

  private static final Logger LOG = LoggerFactory.getLogger(PublicProfiles.class);
  private static final Duration LIFE = Duration.ofSeconds(3_600);

  /** Longer than a read takes, so that no reader puts back what it read before the change. */
  private static final Duration CLOSED = Duration.ofSeconds(10);

  private static final String NOTHING = "";

  private final Cache cache;
  private final ProfileRepository profiles;
  private final Clock clock;

  PublicProfiles(Cache cache, ProfileRepository profiles, Clock clock) {
    this.cache = cache;
    this.profiles = profiles;
    this.clock = clock;
  }

  /** The profile of an active account. */
  Optional<Profile> find(long userId) {
    Optional<Profile> kept = cache.get(key(userId)).flatMap(text -> read(userId, text));
    if (kept.isPresent()) {
      return kept;
    }
    Optional<Profile> found = profiles.active(userId, clock.instant());
    found.ifPresent(profile -> cache.setIfAbsent(key(userId), Wire.text(profile), LIFE));
    return found;
  }

  /** Forgets the profile, and for some seconds keeps readers from putting it back. */
  void evict(long userId) {
    cache.set(key(userId), NOTHING, CLOSED);
  }

  /** An entry of another release may have another shape; it is no entry then. */
  private static Optional<Profile> read(long userId, String text) {
    if (text.equals(NOTHING)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Wire.parse(text, Profile.class));
    } catch (IllegalArgumentException strange) {
      LOG.warn("cached profile of {} is unreadable: {}", userId, strange.getMessage());
      return Optional.empty();
    }
  }

  private static String key(long userId) {
    return "user:public:" + userId;
  }
}
