/**
 * The gateway's live doors: the WebSocket of private messages (protocol sharestack.dm.v1) and the
 * stream of notifications. Owns no tables. In Redis: tickets ({@code ws:ticket:{hash}}), the
 * connections of a user ({@code dm:online:{user}}, {@code live:streams:{user}}), all with a TTL.
 *
 * <p>What a socket shows is the user's event log, read through the services of the domain from the
 * last seq that was written. Hints only say when to read, so a lost one costs seconds and a slow
 * client costs no memory: the log is the queue. While the log cannot be read a first ack does not
 * wait for its turn longer than 3 s; it goes ahead with {@code duplicate}, outside the order.
 *
 * <p>A connection that another one replaced hears of it by a hint to its node, or within {@code
 * live.poll_millis} by the look whether it still has its seat in Redis.
 *
 * <p>What a client sends passes {@link com.sharestack.gateway.live.FrameGate} (headers on the wire:
 * size, order, number) and {@link com.sharestack.gateway.live.Intake} (text: UTF-8, rate, JSON,
 * fields). Of a client that breaks a rule nothing is kept: at most 64 KiB of one message are ever
 * put together.
 *
 * <p>A connection lives on one event loop; {@link com.sharestack.gateway.live.LiveNode} is shared.
 */
package com.sharestack.gateway.live;
