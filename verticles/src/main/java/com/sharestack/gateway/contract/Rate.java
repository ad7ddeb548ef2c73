package com.sharestack.gateway.contract;

/**
 * {@code x-rate}: at most {@code limit} calls within {@code windowSeconds}.
 *
 * @param bucket what is counted together; the operationId unless the contract names one
 * @param failOpen calls pass when the counters are away
 */
public record Rate(int limit, int windowSeconds, Per per, String bucket, boolean failOpen) {
  public enum Per {
    IP,
    USER
  }
}
