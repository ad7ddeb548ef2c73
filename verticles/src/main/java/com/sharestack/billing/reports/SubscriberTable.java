package com.sharestack.billing.reports;

import com.sharestack.contract.Caller;
import com.sharestack.contract.IdBatch;
import com.sharestack.contract.MaskedEmail;
import com.sharestack.contract.SubscriptionSource;
import com.sharestack.contract.SubscriptionStatus;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersMaskedEmailsRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.sheets.Column;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One row per subscriber; who they are is asked of the users domain page by page. */
final class SubscriberTable {

  static final List<Column> COLUMNS =
      List.of(
          Column.text("用户名"),
          Column.text("昵称"),
          Column.text("邮箱（脱敏）"),
          Column.text("订阅编号"),
          Column.text("订阅方案"),
          Column.text("状态"),
          Column.text("开始时间"),
          Column.text("到期时间"),
          Column.money("月费"),
          Column.text("自动续费"),
          Column.money("累计支付"),
          Column.text("来源"));

  private final UsersService users;
  private long monthlyFen;
  private long paidFen;

  SubscriberTable(UsersService users) {
    this.users = users;
  }

  /**
   * @param page at most 200
   */
  void take(Caller caller, List<SubscriberRow> page, Output out) throws IOException {
    IdBatch ids = new IdBatch(page.stream().map(SubscriberRow::userId).toList());
    Map<Long, UserCard> cards =
        users.cards(caller, new UsersCardsRequest(ids)).await().cards().stream()
            .collect(Collectors.toMap(UserCard::userId, Function.identity()));
    Map<Long, String> emails =
        users.maskedEmails(caller, new UsersMaskedEmailsRequest(ids)).await().emails().stream()
            .collect(Collectors.toMap(MaskedEmail::userId, MaskedEmail::email));
    for (SubscriberRow row : page) {
      UserCard card = cards.get(row.userId());
      monthlyFen += row.monthlyFen();
      paidFen += row.paidFen();
      out.row(
          card == null ? "user" + row.userId() : card.username(),
          card == null ? "已注销用户" : card.displayName(),
          emails.getOrDefault(row.userId(), ""),
          row.subscriptionId(),
          row.planName(),
          word(row.status()),
          Words.time(row.startedAt()),
          row.expiresAt() == null ? "长期" : Words.time(row.expiresAt()),
          row.monthlyFen(),
          row.autoRenew() ? "是" : "否",
          row.paidFen(),
          word(row.source()));
    }
  }

  void end(Output out) throws IOException {
    out.total("合计", null, null, null, null, null, null, null, monthlyFen, null, paidFen, null);
  }

  private static String word(SubscriptionStatus status) {
    return switch (status) {
      case PENDING_PAYMENT -> "待支付";
      case TRIALING -> "试用中";
      case ACTIVE -> "生效中";
      case PAST_DUE -> "续费失败";
      case CANCELLED -> "已取消";
      case EXPIRED -> "已到期";
    };
  }

  private static String word(SubscriptionSource source) {
    return switch (source) {
      case PAID -> "付费";
      case FREE -> "免费";
      case GRANTED -> "赠送";
    };
  }
}
