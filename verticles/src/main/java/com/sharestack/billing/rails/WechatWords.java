package com.sharestack.billing.rails;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;

/** WeChat Pay's JSON in our records. */
final class WechatWords {

  private WechatWords() {}

  static Trade trade(JsonObject json) {
    String raw = Wire.text(json, "trade_state");
    JsonObject amount = json.getJsonObject("amount");
    return new Trade(
        Wire.text(json, "out_trade_no"),
        Wire.optional(json, "transaction_id"),
        state(raw),
        raw,
        amount == null ? -1 : Wire.fen(amount, "total"),
        amount == null ? null : Wire.optional(amount, "currency"),
        Wire.optional(json, "appid"),
        Wire.optional(json, "mchid"),
        time(Wire.optional(json, "success_time")));
  }

  private static TradeState state(String raw) {
    return switch (raw) {
      case "NOTPAY" -> TradeState.UNPAID;
      case "USERPAYING", "ACCEPT" -> TradeState.PAYING;
      case "SUCCESS" -> TradeState.PAID;
      case "CLOSED", "REVOKED" -> TradeState.CLOSED;
      case "REFUND" -> TradeState.REFUNDED;
      case "PAYERROR" -> TradeState.FAILED;
      default -> TradeState.UNKNOWN;
    };
  }

  /** Answers say {@code status}, notifications {@code refund_status}. */
  static Refund refund(JsonObject json, String stateKey) {
    String raw = Wire.text(json, stateKey);
    RefundState state =
        switch (raw) {
          case "PROCESSING" -> RefundState.PROCESSING;
          case "SUCCESS" -> RefundState.SUCCESS;
          case "CLOSED" -> RefundState.CLOSED;
          case "ABNORMAL" -> RefundState.ABNORMAL;
          default -> RefundState.UNKNOWN;
        };
    return new Refund(
        Wire.text(json, "out_trade_no"),
        Wire.text(json, "out_refund_no"),
        Wire.optional(json, "refund_id"),
        state,
        raw,
        Wire.fen(Wire.object(json, "amount"), "refund"),
        -1,
        time(Wire.optional(json, "success_time")));
  }

  static Instant time(String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new Wire.Malformed("no time: " + text);
    }
  }

  /** The documents spell the same code with and without underscores. */
  static Refusal refusal(int status, String code, String message) {
    return switch (code.replace("_", "").toUpperCase(Locale.ROOT)) {
      case "ORDERNOTEXIST", "RESOURCENOTEXISTS" -> Refusal.NOT_FOUND;
      case "ORDERPAID" -> Refusal.ALREADY_PAID;
      case "ORDERCLOSED" -> Refusal.ORDER_CLOSED;
      case "OUTTRADENOUSED" -> Refusal.PARAMETERS_CHANGED;
      case "FREQUENCYLIMITED", "FREQUENCYLIMITEXCEED", "RATELIMITEXCEEDED", "RATELIMITED" ->
          Refusal.FREQUENCY;
      case "TRADEERROR", "TRADESTATEERROR" -> Refusal.WRONG_STATE;
      case "NOTENOUGH" -> Refusal.BALANCE_LOW;
      case "SIGNERROR", "NOAUTH", "APPIDMCHIDNOTMATCH", "MCHNOTEXISTS" -> Refusal.NOT_AUTHORISED;
      case "NOSTATEMENTEXIST", "STATEMENTCREATING" -> Refusal.BILL_NOT_READY;
      case "INVALIDREQUEST" -> invalidRequest(message);
      default -> status == 429 ? Refusal.FREQUENCY : Refusal.OTHER;
    };
  }

  /** One code for several refusals: only the text tells them apart. */
  private static Refusal invalidRequest(String message) {
    if (message.contains("重入") || message.contains("不一致")) {
      return Refusal.PARAMETERS_CHANGED;
    }
    if (message.contains("已支付")) {
      return Refusal.ALREADY_PAID;
    }
    if (message.contains("已关闭")) {
      return Refusal.ORDER_CLOSED;
    }
    return message.contains("退款金额") ? Refusal.AMOUNT_EXCEEDED : Refusal.OTHER;
  }
}
