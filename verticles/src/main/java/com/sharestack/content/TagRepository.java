package com.sharestack.content;

import com.sharestack.content.text.Slugs;
import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The tables tags and article_tags. */
final class TagRepository {

  private static final Pattern PLAIN = Pattern.compile("[^.+#_-]+");

  private final Sql db;

  TagRepository(Sql db) {
    this.db = db;
  }

  record Tag(long id, long usage) {}

  /** Tags whose name or slug is one of {@code words}. */
  List<Tag> find(Collection<String> words) {
    String marks = Rows.marks(words.size());
    List<Object> args = new ArrayList<>(words.stream().map(Slugs::tagKey).toList());
    args.addAll(words);
    return db
        .rows(
            "SELECT tag_id, usage_count FROM tags WHERE name_key IN ("
                + marks
                + ") UNION SELECT tag_id, usage_count FROM tags WHERE slug IN ("
                + marks
                + ")",
            args.toArray())
        .stream()
        .map(row -> new Tag(row.getLong("tag_id"), row.getLong("usage_count")))
        .toList();
  }

  /** Names of the tags of many articles, each in the order its author gave. */
  Map<Long, List<String>> namesOf(Collection<Long> articleIds) {
    return articleIds.isEmpty() ? Map.of() : names(db, articleIds);
  }

  List<String> namesOf(Sql sql, long articleId) {
    return names(sql, List.of(articleId)).getOrDefault(articleId, List.of());
  }

  private static Map<Long, List<String>> names(Sql sql, Collection<Long> articleIds) {
    Map<Long, List<String>> names = new HashMap<>();
    for (Row row :
        sql.rows(
            """
            SELECT x.article_id, t.name
            FROM article_tags x JOIN tags t ON t.tag_id = x.tag_id
            WHERE x.article_id IN (%s)
            ORDER BY x.article_id, x.position
            """
                .formatted(Rows.marks(articleIds.size())),
            articleIds.toArray())) {
      names
          .computeIfAbsent(row.getLong("article_id"), id -> new ArrayList<>())
          .add(row.getString("name"));
    }
    return names;
  }

  /**
   * Makes {@code names} (shown names, no two of one key) the tags of an article and counts usage.
   * Tags are locked in the order of their keys, whether they come or go, so two writers never wait
   * for each other.
   */
  void replace(Tx tx, long articleId, List<String> names, long userId, Instant now) {
    Map<String, Long> present = new HashMap<>();
    for (Row row :
        tx.rows(
            """
            SELECT t.tag_id, t.name_key
            FROM article_tags x JOIN tags t ON t.tag_id = x.tag_id
            WHERE x.article_id = ?
            """,
            articleId)) {
      present.put(row.getString("name_key"), row.getLong("tag_id"));
    }
    Map<String, String> wanted = new HashMap<>();
    names.forEach(name -> wanted.put(Slugs.tagKey(name), name));
    TreeSet<String> keys = new TreeSet<>(present.keySet());
    keys.addAll(wanted.keySet());
    for (String key : keys) {
      if (!wanted.containsKey(key)) {
        drop(tx, present.get(key));
      } else if (!present.containsKey(key)) {
        use(tx, key, wanted.get(key), userId, now);
      }
    }
    link(tx, articleId, names);
  }

  private static void drop(Tx tx, long tagId) {
    tx.update("UPDATE tags SET usage_count = GREATEST(usage_count - 1, 0) WHERE tag_id = ?", tagId);
  }

  private static void use(Tx tx, String key, String name, long userId, Instant now) {
    tx.update(
        """
        INSERT INTO tags (name, name_key, slug, usage_count, created_by, created_at, last_used_at)
        VALUES (?, ?, ?, 1, ?, ?, ?)
        ON DUPLICATE KEY UPDATE usage_count = usage_count + 1, last_used_at = VALUES(last_used_at)
        """,
        name,
        key,
        slug(key),
        userId,
        now,
        now);
  }

  private static void link(Tx tx, long articleId, List<String> names) {
    tx.update("DELETE FROM article_tags WHERE article_id = ?", articleId);
    if (names.isEmpty()) {
      return;
    }
    List<String> keys = names.stream().map(Slugs::tagKey).toList();
    Map<String, Long> ids = new HashMap<>();
    for (Row row :
        tx.rows(
            "SELECT tag_id, name_key FROM tags WHERE name_key IN (" + Rows.marks(keys.size()) + ")",
            keys.toArray())) {
      ids.put(row.getString("name_key"), row.getLong("tag_id"));
    }
    List<Object[]> links = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Long id = ids.get(keys.get(i));
      if (id == null) {
        // Another tag took the slug this one would get: nothing was written for it.
        throw Errors.invalid("tags", "标签“" + names.get(i) + "”与已有标签冲突");
      }
      links.add(new Object[] {articleId, id, i});
    }
    tx.batch("INSERT INTO article_tags (article_id, tag_id, position) VALUES (?, ?, ?)", links);
  }

  /**
   * The slug of a tag: blanks become hyphens. Names with other signs get a piece of their hash,
   * because {@code c}, {@code c#} and {@code c++} must not meet.
   */
  static String slug(String key) {
    String words = key.replace(' ', '-');
    if (PLAIN.matcher(key).matches()) {
      return words;
    }
    String readable = words.replaceAll("[.+#_-]+", "-").replaceAll("^-|-$", "");
    return (readable.isEmpty() ? "" : readable + "-") + hash(key);
  }

  private static String hash(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
