package com.sharestack.platform.jobs;

import com.sharestack.platform.db.Tx;

/**
 * Does one step of a job, on a virtual thread. It calls other domains first, then writes its effect
 * in one transaction, whose last act is {@link JobQueue#finish} or {@link JobQueue#advance}: so the
 * step happens once, whoever dies when.
 */
@FunctionalInterface
public interface JobHandler {

  void step(Job job);

  /**
   * The last attempt failed, or its worker was lost: whoever waits for the job must learn it. In
   * the transaction that makes the job dead; an operator may still queue it again.
   */
  default void dead(Tx tx, Job job) {}
}
