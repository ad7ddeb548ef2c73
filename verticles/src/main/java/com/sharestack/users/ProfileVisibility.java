package com.sharestack.users;

/** How much of a profile somebody else sees (users.get). */
enum ProfileVisibility {
  PUBLIC,
  FOLLOWERS,
  PRIVATE;

  /**
   * Whether the viewer sees only what strangers see. A creator who sells is always public: people
   * must know whom they pay.
   */
  boolean hides(boolean owner, boolean follower, boolean hasActivePlan) {
    return switch (this) {
      case PUBLIC -> false;
      case FOLLOWERS -> !owner && !follower && !hasActivePlan;
      case PRIVATE -> !owner && !hasActivePlan;
    };
  }
}
