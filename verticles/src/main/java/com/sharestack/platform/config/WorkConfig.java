package com.sharestack.platform.config;

import java.util.List;

/** Sections of {@link Config} about what the domains and workers do. */
public sealed interface WorkConfig permits Config {

  record ServiceLimits(int callsInFlight, long callTimeoutMillis) {}

  record Auth(
      String issuer,
      String audience,
      int accessSeconds,
      int passwordCost,
      int hashThreads,
      int revocationPollMillis,
      int principalSeconds) {}

  record Content(boolean requireCertifiedCreator, String articleReview, List<String> mediaHosts) {}

  /**
   * @param requireCertifiedCreator an active priced plan needs a certified creator
   * @param paymentChannels payment methods that are switched on
   * @param returnUrlHosts hosts a payer may be sent back to
   * @param exchangeRatesUrl source of display rates; null = none
   */
  record Billing(
      boolean requireCertifiedCreator,
      List<String> paymentChannels,
      List<String> returnUrlHosts,
      String exchangeRatesUrl) {}

  record Worker(
      int outboxPollMillis,
      int outboxBatch,
      int publishPollMillis,
      int jobPollMillis,
      int paymentPollMillis) {}

  /**
   * The mail server that takes our mails.
   *
   * @param host null = mails stay queued
   * @param username null = without login
   * @param from sender of every mail
   */
  record Mail(
      String host,
      int port,
      String username,
      String password,
      Tls tls,
      String from,
      int pollMillis) {

    /** STARTTLS; where it is used the server's certificate is checked. */
    public enum Tls {
      OPTIONAL,
      REQUIRED,
      OFF
    }

    /** The same mails to a server of this machine that wants neither login nor encryption. */
    public Mail toLocal(String server, int serverPort) {
      return new Mail(server, serverPort, null, null, Tls.OFF, from, pollMillis);
    }

    @Override
    public String toString() {
      return "Mail[…]"; // holds a password
    }
  }

  /**
   * The payment channels: a rail is open when it has its address and its keys, all or none of them.
   * Keys are PEM or Base64 (PKCS #8, X.509).
   *
   * @param notifyUrl where channels send notifications, the channel's name is appended; null = the
   *     gateway's public address
   * @param cashierUrl page for payments whose channel has none, with {payment_id} or
   *     {out_trade_no}; null = none
   * @param callTimeoutMillis of one call to a channel; below http.call_timeout_millis
   */
  record Rails(
      String notifyUrl, String cashierUrl, long callTimeoutMillis, Wechat wechat, Alipay alipay) {

    /**
     * WeChat Pay APIv3.
     *
     * @param platformKeys {@code id=key}, the wanted one first; two while they are rotated
     */
    public record Wechat(
        String baseUrl,
        String appId,
        String merchantId,
        String merchantSerial,
        String merchantKey,
        String apiV3Key,
        List<String> platformKeys) {}

    /** Alipay, classic gateway. */
    public record Alipay(
        String gateway, String appId, String sellerId, String appKey, String alipayKey) {}

    @Override
    public String toString() {
      return "Rails[…]"; // holds keys
    }
  }
}
