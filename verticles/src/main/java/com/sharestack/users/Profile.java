package com.sharestack.users;

import com.sharestack.contract.SocialLinks;
import com.sharestack.contract.UserType;
import java.time.Instant;

/**
 * What this domain knows about an active user that strangers may see, with the settings that say
 * how much of it they do see. The same for every viewer, so it is what the cache holds.
 */
record Profile(
    long userId,
    String username,
    String displayName,
    String bio,
    String avatar,
    String coverImage,
    String location,
    String website,
    SocialLinks socialLinks,
    String subscriptionDescription,
    UserType userType,
    boolean certified,
    Instant createdAt,
    long followers,
    ProfileVisibility visibility,
    boolean showLocation,
    boolean showSocialLinks) {}
