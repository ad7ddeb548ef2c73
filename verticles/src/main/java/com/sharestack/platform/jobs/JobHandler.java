package com.sharestack.platform.jobs;

/**
 * Does one step of a job, on a virtual thread. It calls other domains first, then writes its effect
 * in one transaction, whose last act is {@link JobQueue#finish} or {@link JobQueue#advance}: so the
 * step happens once, whoever dies when.
 */
@FunctionalInterface
public interface JobHandler {

  void step(Job job);
}
