package com.sharestack.gateway.contract;

/**
 * {@code x-cache} of a GET whose answer carries an ETag.
 *
 * @param scope PUBLIC: the same bytes for every anonymous caller, so that the gateway may keep
 *     them; PRIVATE: ETag only
 * @param maxAgeSeconds how long the gateway may keep them, 0 for not at all
 */
public record CachePolicy(Scope scope, int maxAgeSeconds) {
  public enum Scope {
    PUBLIC,
    PRIVATE
  }
}
