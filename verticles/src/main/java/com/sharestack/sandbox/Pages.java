package com.sharestack.sandbox;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The pages for people: cashier, list of orders, mailbox. */
final class Pages {

  private static final String STYLE =
      """
      body{margin:0;font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",\
      sans-serif;background:#f4f5f7;color:#1f2329}
      header{background:#fff;border-bottom:1px solid #e3e5e8;padding:12px 24px}
      header b{margin-right:24px}header a{margin-right:16px;color:#3056d3;text-decoration:none}
      main{max-width:960px;margin:32px auto;padding:0 16px}
      .card{background:#fff;border-radius:12px;padding:32px;max-width:420px;margin:auto;\
      text-align:center;box-shadow:0 1px 4px #0001}
      .amount{font-size:40px;font-weight:600;margin:8px 0}.qr{width:220px;height:220px}
      .muted{color:#646a73;font-size:14px;word-break:break-all}
      .rail{display:inline-block;border-radius:4px;padding:0 10px;color:#fff}
      .wechat{background:#07a04f}.alipay{background:#1677ff}
      button{font:inherit;border:0;border-radius:8px;padding:10px 28px;margin:8px 6px;\
      cursor:pointer;color:#fff;background:#3056d3}button.no{background:#fff;color:#646a73;\
      box-shadow:inset 0 0 0 1px #c9cdd4}form{display:inline}
      .state{font-size:18px;font-weight:600;margin:12px 0}.SUCCESS{color:#07a04f}
      .CLOSED,.REFUND{color:#b25600}table{width:100%;border-collapse:collapse;background:#fff;\
      border-radius:8px}td,th{padding:8px 12px;text-align:left;border-bottom:1px solid #eef0f2;\
      font-size:14px}td.num{text-align:right}pre{white-space:pre-wrap}
      """;

  private final Twin twin;
  private final ControlApi control;
  private final Mailbox mailbox;

  Pages(Twin twin, ControlApi control, Mailbox mailbox) {
    this.twin = twin;
    this.control = control;
    this.mailbox = mailbox;
  }

  void mount(Router router) {
    router.get("/").handler(this::list);
    router.get("/cashier").handler(this::list);
    router.get("/cashier/:n").handler(call -> cashier(call, control.order(call)));
    router.post("/cashier/:n/pay").handler(this::pay);
    router.post("/cashier/:n/fail").handler(this::fail);
    router.get("/mailbox").handler(this::mails);
    router
        .get("/mailbox.json")
        .handler(
            call ->
                mailbox
                    .mails(call.request().getParam("to"))
                    .onSuccess(mails -> ControlApi.json(call, 200, Mailbox.json(mails)))
                    .onFailure(call::fail));
  }

  private void pay(RoutingContext call) {
    Order order = control.order(call);
    twin.book().pay(order, order.terms.amountFen(), false, false);
    // the payer sees the result at once; the merchant hears on the rail's own schedule
    twin.settlements().paid(order, Notifier.Plan.ONCE);
    back(call, order);
  }

  private void fail(RoutingContext call) {
    Order order = control.order(call);
    twin.book().fail(order);
    back(call, order);
  }

  private void back(RoutingContext call, Order order) {
    call.response().setStatusCode(303).putHeader("Location", twin.cashier(order)).end();
  }

  private void cashier(RoutingContext call, Order order) {
    order.known = true;
    String rail = order.terms.rail().code();
    String query = "?rail=" + rail;
    String number = order.terms.outTradeNo();
    boolean unpaid = order.state == Order.State.NOTPAY;
    String action =
        unpaid
            ? QrSvg.of(qr(order))
                + """
                <p class="muted">%s</p>
                <form method="post" action="/cashier/%s/pay%s"><button>支付</button></form>
                <form method="post" action="/cashier/%s/fail%s">\
                <button class="no">支付失败</button></form>\
                """
                    .formatted(escape(qr(order)), number, query, number, query)
            : after(order);
    String tries =
        unpaid && order.failedTries > 0
            ? "<p class=\"muted\">上一次支付未成功，可以重新支付（已失败 %d 次）</p>".formatted(order.failedTries)
            : "";
    html(
        call,
        "收银台",
        """
        <div class="card"><span class="rail %s">%s</span>
        <h2>%s</h2><div class="amount">¥%s</div>
        <div class="state %s">%s</div>%s%s
        <p class="muted">商户单号 %s</p></div>\
        """
            .formatted(
                rail,
                order.terms.rail().label(),
                escape(order.terms.subject()),
                AlipayTwin.yuan(order.paidAt == null ? order.terms.amountFen() : order.paidFen),
                order.state.name(),
                WechatTwin.label(order.state),
                tries,
                action,
                escape(number)));
  }

  private String qr(Order order) {
    return switch (order.terms.product()) {
      case "native" -> "weixin://wxpay/bizpayurl?pr=" + order.code;
      case "precreate" -> twin.url("/qr/" + order.code);
      default -> twin.cashier(order);
    };
  }

  private String after(Order order) {
    String url = AlipayTwin.returnUrl(order, twin.alipaySeal(), twin.clock().wire());
    String link = url == null ? "" : "<p><a href=\"%s\">返回商家</a></p>".formatted(escape(url));
    String paid =
        order.transactionId == null
            ? ""
            : "<p class=\"muted\">交易单号 " + order.transactionId + "</p>";
    return paid + link;
  }

  private void list(RoutingContext call) {
    StringBuilder rows = new StringBuilder();
    twin.book().all().stream().limit(100).forEach(order -> rows.append(row(order)));
    html(
        call,
        "订单",
        rows.isEmpty()
            ? "<div class=\"card\">还没有订单。在商家下单后，这里会出现收银台链接。</div>"
            : """
            <table><tr><th>渠道</th><th>商户单号</th><th>商品</th><th>金额</th><th>状态</th></tr>
            %s</table>\
            """
                .formatted(rows));
  }

  private String row(Order order) {
    String number = escape(order.terms.outTradeNo());
    return """
    <tr><td><span class="rail %s">%s</span></td><td><a href="/cashier/%s?rail=%s">%s</a></td>\
    <td>%s</td><td class="num">¥%s</td><td class="%s">%s</td></tr>\
    """
        .formatted(
            order.terms.rail().code(),
            order.terms.rail().label(),
            number,
            order.terms.rail().code(),
            number,
            escape(order.terms.subject()),
            AlipayTwin.yuan(order.terms.amountFen()),
            order.state.name(),
            WechatTwin.label(order.state));
  }

  private void mails(RoutingContext call) {
    Future<List<Mailbox.Mail>> mails = mailbox.mails(call.request().getParam("to"));
    mails.onFailure(call::fail);
    mails.onSuccess(
        found -> {
          StringBuilder rows = new StringBuilder();
          for (Mailbox.Mail mail : found) {
            rows.append(
                "<tr><td>%s</td><td>%s</td><td><b>%s</b><pre>%s</pre></td></tr>"
                    .formatted(
                        escape(mail.at()),
                        escape(mail.to()),
                        escape(mail.subject()),
                        escape(mail.text())));
          }
          html(
              call,
              "收件箱",
              found.isEmpty()
                  ? "<div class=\"card\">还没有邮件。</div>"
                  : "<table><tr><th>时间</th><th>收件人</th><th>内容</th></tr>" + rows + "</table>");
        });
  }

  private static void html(RoutingContext call, String title, String body) {
    call.response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
        .end(
            """
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s · 支付沙箱</title><style>%s</style></head><body>
            <header><b>支付沙箱</b><a href="/">订单</a><a href="/mailbox">收件箱</a>\
            <span class="muted">本地模拟，不产生真实扣款</span></header>
            <main>%s</main></body></html>\
            """
                .formatted(title, STYLE, body));
  }

  static String escape(String text) {
    return text == null
        ? ""
        : text.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;")
            .replace("'", "&#39;");
  }
}
