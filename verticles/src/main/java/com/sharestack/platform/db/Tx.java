package com.sharestack.platform.db;

/** Statements of one open transaction; it ends with the block given to {@link Db#tx}. */
public interface Tx extends Sql {

  /**
   * Runs {@code effect} right after the commit, and never without one. It must not fail and may be
   * lost with the process: for hints about what is in the database anyway.
   */
  void afterCommit(Runnable effect);
}
