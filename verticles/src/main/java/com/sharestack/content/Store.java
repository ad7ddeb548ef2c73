package com.sharestack.content;

import com.sharestack.platform.db.Db;
import com.sharestack.platform.events.Outbox;

/** The repositories that writes of articles need, and the effects they share. */
record Store(
    ArticleRepository articles,
    BodyRepository bodies,
    TagRepository tags,
    HistoryRepository history,
    IndexRepository index,
    CountRepository counts,
    Transitions transitions) {

  static Store of(Db db, Outbox outbox) {
    BodyRepository bodies = new BodyRepository(db);
    HistoryRepository history = new HistoryRepository();
    IndexRepository index = new IndexRepository(db);
    CountRepository counts = new CountRepository(db);
    return new Store(
        new ArticleRepository(db),
        bodies,
        new TagRepository(db),
        history,
        index,
        counts,
        new Transitions(bodies, history, index, counts, outbox));
  }
}
