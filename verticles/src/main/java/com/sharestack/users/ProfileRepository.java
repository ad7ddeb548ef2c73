package com.sharestack.users;

import com.sharestack.contract.OwnProfile;
import com.sharestack.contract.SocialLinks;
import com.sharestack.contract.UserType;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.Rows;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Profiles as their owners and as others see them. */
final class ProfileRepository {

  private final Db db;
  private final Contact contact;

  ProfileRepository(Db db, Contact contact) {
    this.db = db;
    this.contact = contact;
  }

  /** The profile of an account that is active at {@code now}. */
  Optional<Profile> active(long userId, Instant now) {
    return db.row(
            """
            SELECT u.user_id, u.username, u.user_type, u.is_verified, u.created_at, p.display_name,
              p.bio, p.avatar_url, p.cover_image_url, p.location, p.website, p.social_twitter,
              p.social_github, p.social_linkedin, p.subscription_description, v.profile_visibility,
              v.show_location, v.show_social_links, COALESCE(c.followers, 0) AS followers
            FROM users u
            JOIN user_profiles p ON p.user_id = u.user_id
            JOIN user_privacy v ON v.user_id = u.user_id
            LEFT JOIN user_counts c ON c.user_id = u.user_id
            WHERE u.user_id = ?
              AND (u.status = 'active' OR (u.status = 'banned' AND u.banned_until <= ?))
            """,
            userId,
            now)
        .map(ProfileRepository::profile);
  }

  private static Profile profile(Row row) {
    return new Profile(
        row.getLong("user_id"),
        row.getString("username"),
        row.getString("display_name"),
        row.getString("bio"),
        row.getString("avatar_url"),
        row.getString("cover_image_url"),
        row.getString("location"),
        row.getString("website"),
        links(row),
        row.getString("subscription_description"),
        UserType.of(row.getString("user_type")),
        Rows.flag(row, "is_verified"),
        Rows.instant(row, "created_at"),
        row.getLong("followers"),
        ProfileVisibility.valueOf(row.getString("profile_visibility").toUpperCase(Locale.ROOT)),
        Rows.flag(row, "show_location"),
        Rows.flag(row, "show_social_links"));
  }

  private static SocialLinks links(Row row) {
    return new SocialLinks(
        row.getString("social_twitter"),
        row.getString("social_github"),
        row.getString("social_linkedin"));
  }

  /** An owner's profile without what other domains know. */
  record Own(OwnProfile.Builder profile, UserType userType, long followers, long following) {}

  Optional<Own> own(long userId) {
    return db.row(
            """
            SELECT u.user_id, u.username, u.email, u.phone_cipher, u.user_type, u.email_verified,
              u.phone_verified, u.is_verified, u.kyc_level, u.created_at,
              GREATEST(u.updated_at, p.updated_at) AS updated_at, p.display_name, p.bio,
              p.avatar_url, p.cover_image_url, p.location, p.website, p.social_twitter,
              p.social_github, p.social_linkedin, COALESCE(c.followers, 0) AS followers,
              COALESCE(c.following, 0) AS following
            FROM users u
            JOIN user_profiles p ON p.user_id = u.user_id
            LEFT JOIN user_counts c ON c.user_id = u.user_id
            WHERE u.user_id = ?
            """,
            userId)
        .map(this::own);
  }

  private Own own(Row row) {
    Buffer phone = row.getBuffer("phone_cipher");
    UserType type = UserType.of(row.getString("user_type"));
    OwnProfile.Builder profile =
        OwnProfile.builder()
            .userId(row.getLong("user_id"))
            .username(row.getString("username"))
            .email(row.getString("email"))
            .phone(phone == null ? null : Masking.phone(contact.openPhone(phone.getBytes())))
            .userType(type)
            .displayName(row.getString("display_name"))
            .bio(row.getString("bio"))
            .avatar(row.getString("avatar_url"))
            .coverImage(row.getString("cover_image_url"))
            .location(row.getString("location"))
            .website(row.getString("website"))
            .socialLinks(links(row))
            .emailVerified(Rows.flag(row, "email_verified"))
            .phoneVerified(Rows.flag(row, "phone_verified"))
            .isVerified(Rows.flag(row, "is_verified"))
            .kycLevel(row.getInteger("kyc_level"))
            .createdAt(Rows.instant(row, "created_at"))
            .updatedAt(Rows.instant(row, "updated_at"));
    return new Own(profile, type, row.getLong("followers"), row.getLong("following"));
  }
}
