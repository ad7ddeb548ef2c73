package com.sharestack.billing.payments;

import com.sharestack.billing.rails.Notice;
import com.sharestack.billing.rails.Refund;
import com.sharestack.billing.rails.RefundState;
import com.sharestack.billing.rails.Trade;
import com.sharestack.billing.rails.TradeState;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** What the effect of a notice needs, as kept between receipt and effect. */
final class NoticeJson {

  private NoticeJson() {}

  /** The notice names its app and merchant once; the trade is compared with them later. */
  static JsonObject of(Notice notice) {
    JsonObject json = new JsonObject();
    if (notice.trade() != null) {
      Trade trade = notice.trade();
      json.put(
          "trade",
          new JsonObject()
              .put("out_trade_no", trade.outTradeNo())
              .put("transaction_id", trade.transactionId())
              .put("state", trade.state().name())
              .put("raw_state", trade.rawState())
              .put("amount_fen", trade.amountFen())
              .put("currency", trade.currency())
              .put("app_id", trade.appId() == null ? notice.appId() : trade.appId())
              .put(
                  "merchant_id",
                  trade.merchantId() == null ? notice.merchantId() : trade.merchantId())
              .put("paid_at", text(trade.paidAt())));
    }
    if (notice.refund() != null) {
      Refund refund = notice.refund();
      json.put(
          "refund",
          new JsonObject()
              .put("out_trade_no", refund.outTradeNo())
              .put("out_refund_no", refund.outRefundNo())
              .put("refund_id", refund.refundId())
              .put("state", refund.state().name())
              .put("raw_state", refund.rawState())
              .put("amount_fen", refund.amountFen())
              .put("refunded_total_fen", refund.refundedTotalFen())
              .put("done_at", text(refund.doneAt())));
    }
    return json;
  }

  static Trade trade(JsonObject content) {
    JsonObject trade = content.getJsonObject("trade");
    return new Trade(
        trade.getString("out_trade_no"),
        trade.getString("transaction_id"),
        TradeState.valueOf(trade.getString("state")),
        trade.getString("raw_state"),
        trade.getLong("amount_fen"),
        trade.getString("currency"),
        trade.getString("app_id"),
        trade.getString("merchant_id"),
        instant(trade.getString("paid_at")));
  }

  static Refund refund(JsonObject content) {
    JsonObject refund = content.getJsonObject("refund");
    return new Refund(
        refund.getString("out_trade_no"),
        refund.getString("out_refund_no"),
        refund.getString("refund_id"),
        RefundState.valueOf(refund.getString("state")),
        refund.getString("raw_state"),
        refund.getLong("amount_fen"),
        refund.getLong("refunded_total_fen"),
        instant(refund.getString("done_at")));
  }

  private static String text(Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static Instant instant(String text) {
    return text == null ? null : Instant.parse(text);
  }
}
