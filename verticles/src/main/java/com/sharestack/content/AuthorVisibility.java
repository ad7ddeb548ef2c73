package com.sharestack.content;

import com.sharestack.contract.Caller;
import com.sharestack.contract.UserCard;
import com.sharestack.platform.db.Db;

/**
 * Keeps articles.author_hidden, the copy of an account's state that lists filter by. The users
 * domain hints at changes; readers that meet a row whose copy is wrong repair it, so a lost hint
 * costs little.
 */
final class AuthorVisibility {

  private final Db db;
  private final CountRepository counts;
  private final Authors authors;

  AuthorVisibility(Db db, CountRepository counts, Authors authors) {
    this.db = db;
    this.counts = counts;
    this.authors = authors;
  }

  /** The account changed: ask afresh and copy. */
  void changed(Caller caller, long userId) {
    authors.forget(userId);
    authors.card(caller, userId).ifPresent(card -> copy(userId, card));
  }

  /** Repairs the copy when {@code article} shows that it is wrong. */
  void check(ArticleRow article, UserCard card) {
    if (card != null && article.authorHidden() == Authors.shown(card)) {
      copy(article.authorId(), card);
    }
  }

  private void copy(long authorId, UserCard card) {
    db.tx(
        tx -> {
          counts.hideAuthor(tx, authorId, !Authors.shown(card));
          return null;
        });
  }
}
