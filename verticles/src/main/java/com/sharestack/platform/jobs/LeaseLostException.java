package com.sharestack.platform.jobs;

/** Another worker took the job over; the transaction of the step must not commit. */
public final class LeaseLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LeaseLostException(Job job) {
    super("job " + job.id() + " " + job.type() + " belongs to another worker", null, false, false);
  }
}
