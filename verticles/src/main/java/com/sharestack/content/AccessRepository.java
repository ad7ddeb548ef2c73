package com.sharestack.content;

import com.sharestack.platform.db.Rows;
import com.sharestack.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table article_access: what a user may read without a subscription. */
final class AccessRepository {

  private final Sql db;

  AccessRepository(Sql db) {
    this.db = db;
  }

  record Passes(Optional<AccessRules.Pass> grant, Optional<AccessRules.Pass> purchase) {
    static final Passes NONE = new Passes(Optional.empty(), Optional.empty());
  }

  /** By article; articles without any are left out. */
  Map<Long, Passes> of(long userId, Collection<Long> articleIds) {
    List<Object> args = new ArrayList<>();
    args.add(userId);
    args.addAll(articleIds);
    Map<Long, Passes> passes = new HashMap<>();
    for (Row row :
        db.rows(
            """
            SELECT article_id, source, expires_at FROM article_access
            WHERE user_id = ? AND article_id IN (%s)
            """
                .formatted(Rows.marks(articleIds.size())),
            args.toArray())) {
      Optional<AccessRules.Pass> pass =
          Optional.of(new AccessRules.Pass(Rows.instant(row, "expires_at")));
      passes.merge(
          row.getLong("article_id"),
          row.getString("source").equals("granted")
              ? new Passes(pass, Optional.empty())
              : new Passes(Optional.empty(), pass),
          (a, b) -> new Passes(a.grant.or(b::grant), a.purchase.or(b::purchase)));
    }
    return passes;
  }
}
