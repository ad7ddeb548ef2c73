package com.sharestack.billing;

import com.sharestack.billing.payments.FinanceListRepository;
import com.sharestack.billing.payments.FinanceListRepository.PaymentEntry;
import com.sharestack.billing.payments.FinanceListRepository.PaymentFilter;
import com.sharestack.billing.payments.FinanceListRepository.RefundEntry;
import com.sharestack.billing.payments.FinanceListRepository.RefundFilter;
import com.sharestack.billing.payments.FinanceListRepository.Sums;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.RefundReviews;
import com.sharestack.billing.pricing.Periods;
import com.sharestack.contract.AdminFinancePaymentsListRequest;
import com.sharestack.contract.AdminFinanceRefundsListRequest;
import com.sharestack.contract.AdminFinanceRefundsReviewRequest;
import com.sharestack.contract.AdminPaymentPage;
import com.sharestack.contract.AdminPaymentTotals;
import com.sharestack.contract.AdminRefund;
import com.sharestack.contract.AdminRefundPage;
import com.sharestack.contract.AdminRefundTotals;
import com.sharestack.contract.Caller;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Operations admin.finance.payments_* and refunds_*. */
final class AdminPayments {

  /** Rows that pages reach. */
  private static final int MOST_ROWS = 10_000;

  private final Db db;
  private final Creators users;
  private final RefundReviews reviews;
  private final FinanceListRepository lists = new FinanceListRepository();

  AdminPayments(PaymentCore core, Creators users) {
    this.db = core.parts().db();
    this.users = users;
    this.reviews = new RefundReviews(core);
  }

  AdminPaymentPage payments(Caller caller, AdminFinancePaymentsListRequest request) {
    long offset = offset(request.page(), request.limit());
    requireSpan(request.startDate(), request.endDate());
    PaymentFilter filter =
        new PaymentFilter(
            request.q(),
            request.status(),
            request.paymentMethod() == null ? null : request.paymentMethod().literal(),
            request.orderType(),
            request.purpose(),
            request.payerId(),
            request.creatorId(),
            fen(request.amountMin()),
            fen(request.amountMax()),
            request.unfulfilled(),
            start(request.startDate(), 0),
            start(request.endDate(), 1));
    Sums sums = lists.paymentSums(db, filter);
    List<PaymentEntry> page =
        offset >= sums.count() ? List.of() : lists.payments(db, filter, request.limit(), offset);
    AdminFinanceViews views =
        new AdminFinanceViews(
            users.all(
                caller,
                page.stream()
                    .flatMap(entry -> Stream.of(entry.row().userId(), entry.row().creatorId()))
                    .toList()));
    return new AdminPaymentPage(
        page.stream().map(views::payment).toList(),
        new AdminPaymentTotals(sums.count(), Money.ofFen(sums.fen()), Money.ofFen(sums.backFen())),
        AdminFinanceViews.pagination(request.page(), request.limit(), sums.count()));
  }

  AdminRefundPage refunds(Caller caller, AdminFinanceRefundsListRequest request) {
    long offset = offset(request.page(), request.limit());
    requireSpan(request.startDate(), request.endDate());
    RefundFilter filter =
        new RefundFilter(
            request.status(),
            request.policy() == null ? null : request.policy().literal(),
            request.paymentMethod() == null ? null : request.paymentMethod().literal(),
            request.paymentId(),
            request.payerId(),
            request.creatorId(),
            start(request.startDate(), 0),
            start(request.endDate(), 1));
    Sums sums = lists.refundSums(db, filter);
    List<RefundEntry> page =
        offset >= sums.count() ? List.of() : lists.refunds(db, filter, request.limit(), offset);
    AdminFinanceViews views = views(caller, page);
    return new AdminRefundPage(
        page.stream().map(views::refund).toList(),
        new AdminRefundTotals(sums.count(), Money.ofFen(sums.fen())),
        AdminFinanceViews.pagination(request.page(), request.limit(), sums.count()));
  }

  AdminRefund review(Caller caller, AdminFinanceRefundsReviewRequest request) {
    reviews.decide(caller, request.refundId(), request.body());
    RefundEntry entry = lists.refund(db, request.refundId());
    return views(caller, List.of(entry)).refund(entry);
  }

  private AdminFinanceViews views(Caller caller, List<RefundEntry> page) {
    return new AdminFinanceViews(
        users.all(
            caller,
            page.stream()
                .flatMap(
                    entry ->
                        Stream.of(entry.row().userId(), entry.row().creatorId(), entry.decidedBy()))
                .filter(Objects::nonNull)
                .toList()));
  }

  static long offset(int page, int limit) {
    long offset = (page - 1L) * limit;
    if (offset + limit > MOST_ROWS) {
      throw Errors.invalid("page", "最多查看前 " + MOST_ROWS + " 条，请缩小筛选范围");
    }
    return offset;
  }

  private static void requireSpan(LocalDate first, LocalDate last) {
    if (first != null && last != null && last.isBefore(first)) {
      throw Errors.invalid("end_date", "结束日期不能早于开始日期");
    }
  }

  private static Instant start(LocalDate day, int later) {
    return day == null ? null : day.plusDays(later).atStartOfDay(Periods.ZONE).toInstant();
  }

  private static Long fen(BigDecimal amount) {
    return amount == null ? null : Money.toFen(amount);
  }
}
