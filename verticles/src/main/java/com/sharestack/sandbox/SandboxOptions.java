package com.sharestack.sandbox;

/**
 * @param seed of ids and of random faults: the same seed and calls give the same run
 * @param feeBasisPoints what the rails keep, in 1/10000 of the amount
 * @param maxOrders kept; the oldest go first
 * @param maxMails kept; the oldest go first
 * @param smtpPort of the mailbox; 0 = a free one, -1 = no mailbox
 * @param callsPerSecond of one operation, above it the rail refuses for frequency
 * @param refundSeconds until an accepted WeChat refund is done
 */
public record SandboxOptions(
    long seed,
    int feeBasisPoints,
    int maxOrders,
    int maxMails,
    int smtpPort,
    int callsPerSecond,
    int refundSeconds) {

  public static final SandboxOptions DEFAULT = new SandboxOptions(1, 60, 10_000, 500, -1, 2_000, 1);

  public SandboxOptions withSmtpPort(int port) {
    return new SandboxOptions(
        seed, feeBasisPoints, maxOrders, maxMails, port, callsPerSecond, refundSeconds);
  }
}
