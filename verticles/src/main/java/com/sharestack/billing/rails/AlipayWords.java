package com.sharestack.billing.rails;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Alipay's JSON and literals in our records. */
final class AlipayWords {

  static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");
  static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private AlipayWords() {}

  static Trade trade(JsonObject json) {
    String raw = Wire.text(json, "trade_status");
    Instant paidAt = time(Wire.optional(json, "send_pay_date"));
    return new Trade(
        Wire.text(json, "out_trade_no"),
        Wire.optional(json, "trade_no"),
        state(raw, paidAt != null),
        raw,
        amount(Wire.text(json, "total_amount")),
        "CNY",
        null,
        null,
        paidAt);
  }

  /** TRADE_CLOSED means two things: given up unpaid, or fully refunded after payment. */
  static TradeState state(String raw, boolean paid) {
    return switch (raw) {
      case "WAIT_BUYER_PAY" -> TradeState.UNPAID;
      case "TRADE_SUCCESS", "TRADE_FINISHED" -> TradeState.PAID;
      case "TRADE_CLOSED" -> paid ? TradeState.REFUNDED : TradeState.CLOSED;
      default -> TradeState.UNKNOWN;
    };
  }

  static long amount(String yuan) {
    long fen = Yuan.fen(yuan);
    if (fen < 0) {
      throw new Wire.Malformed("a negative amount");
    }
    return fen;
  }

  static Instant time(String text) {
    try {
      return text == null || text.isEmpty()
          ? null
          : LocalDateTime.parse(text.length() > 19 ? text.substring(0, 19) : text, TIME)
              .atZone(BEIJING)
              .toInstant();
    } catch (DateTimeException e) {
      throw new Wire.Malformed("no time: " + text);
    }
  }

  static Refusal refusal(String code, String subCode) {
    return switch (subCode) {
      case "ACQ.TRADE_NOT_EXIST" -> Refusal.NOT_FOUND;
      case "ACQ.TRADE_HAS_SUCCESS", "ACQ.TRADE_HAS_FINISHED" -> Refusal.ALREADY_PAID;
      case "ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID" -> Refusal.WRONG_STATE;
      case "ACQ.TRADE_HAS_CLOSE" -> Refusal.ORDER_CLOSED;
      case "ACQ.CONTEXT_INCONSISTENT", "ACQ.DISCORDANT_REPEAT_REQUEST" ->
          Refusal.PARAMETERS_CHANGED;
      case "ACQ.SELLER_BALANCE_NOT_ENOUGH" -> Refusal.BALANCE_LOW;
      case "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "ACQ.REASON_TRADE_REFUND_FEE_ERR" ->
          Refusal.AMOUNT_EXCEEDED;
      case "isp.bill_not_exist", "isv.bill_not_exist" -> Refusal.BILL_NOT_READY;
      case "isv.invalid-signature", "isv.invalid-app-id", "isv.missing-signature" ->
          Refusal.NOT_AUTHORISED;
      case "isv.app-call-limited", "isv.method-call-limited" -> Refusal.FREQUENCY;
      default -> code.equals("40005") ? Refusal.FREQUENCY : Refusal.OTHER;
    };
  }
}
