/**
 * The sandbox: WeChat Pay APIv3, Alipay's classic gateway and a mailbox as one local server, so
 * that the money paths run for real without the rails. {@code ConfigRules} refuses the role in
 * production; no money, key or address here is worth anything outside this machine.
 *
 * <p>It checks every signature it is sent, signs what it sends with keys of its own ({@link
 * com.sharestack.sandbox.SandboxKeys}), keeps the rails' state machines and speaks their refusals.
 * It shares no code with the client, so that no mistake can hide in both; the vendors' SDKs referee
 * in the tests. State is in memory and bounded. Ids and random faults follow the seed: the same
 * calls give the same run.
 *
 * <h2>Rails</h2>
 *
 * WeChat at {@code /v3/pay/transactions/…}, {@code /v3/refund/domestic/refunds}, {@code
 * /v3/bill/tradebill}; Alipay at {@code /gateway.do} (precreate, page, wap and app pay, query,
 * close, refund, refund query, bill link). An Alipay precreated order exists from the scan (its QR
 * code, its cashier page, or paying it).
 *
 * <h2>Pages</h2>
 *
 * {@code /} orders; {@code /cashier/{out_trade_no}[?rail=]} pay or fail; {@code /mailbox} and
 * {@code /mailbox.json?to=}.
 *
 * <h2>Control API (JSON; where both rails know a number, {@code ?rail=wechat|alipay})</h2>
 *
 * <ul>
 *   <li>{@code GET /control/payments}, {@code GET /control/payments/{out_trade_no}}
 *   <li>{@code POST /control/payments/{out_trade_no}/pay} {@code {amount_fen?, force?, again?,
 *       notify?}}: {@code force} pays a closed order, {@code again} pays a paid one a second time.
 *       {@code notify: {times = 1, parallel = 1, delay_ms = 0, tamper?, retry?}}; {@code times: 0}
 *       = no notification ever; {@code tamper}:
 *       signature|amount|app_id|mch_id|timestamp|serial|signtest; {@code retry} = the rail's
 *       schedule follows until acknowledged, by default for genuine ones. Answers when the first
 *       deliveries are through (with {@code delay_ms}: at once), with the log of deliveries.
 *   <li>{@code POST /control/payments/{out_trade_no}/fail}: a try that fails; the order stays
 *       unpaid
 *   <li>{@code POST /control/payments/{out_trade_no}/close}: the rail closes it
 *   <li>{@code POST /control/payments/{out_trade_no}/notify} {@code {times, …}}: the order's last
 *       notification once more, same id
 *   <li>{@code POST /control/payments/{out_trade_no}/refunds/{out_refund_no}} {@code {state:
 *       SUCCESS|CLOSED|ABNORMAL, notify?}}: ends a refund
 *   <li>{@code POST /control/probe} {@code {out_trade_no}}: WeChat's SIGNTEST probe
 *   <li>{@code GET /control/notifications[?out_trade_no=]}
 *   <li>{@code POST /control/clock} {@code {advance_seconds}}: moves schedules, expiry and bills;
 *       every delivery on the way happens at its own time, and the answer waits for them. What is
 *       signed keeps the node's time, or nothing would verify.
 *   <li>{@code POST /control/faults} {@code {kind, rail?, operation?, times = 1, probability = 1,
 *       delay_ms?, status?, code?, message?}} or {@code {rules: […]}}; {@code DELETE} clears.
 *       Kinds: lost_answer, down, slow, garbage, bad_signature, unsigned, signtest,
 *       stale_timestamp, wrong_serial, system_error, refuse. Operations: create, query, close,
 *       refund, query_refund, bill, download.
 *   <li>{@code POST /control/settings} {@code {calls_per_second?, automatic_refunds?,
 *       rotate_platform_key?}}
 *   <li>{@code POST /control/bills} {@code {rail, date, differences: [{kind, out_trade_no?,
 *       out_refund_no?, amount_fen?, delta_fen?, status?}]}}; kind:
 *       missing_here|missing_there|amount|status|fee. Without {@code out_refund_no} the payment's
 *       line is meant.
 *   <li>{@code POST /control/reset} {@code {seed?}}: forgets everything
 * </ul>
 */
package com.sharestack.sandbox;
