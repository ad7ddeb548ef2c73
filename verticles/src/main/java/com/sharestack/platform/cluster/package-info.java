/**
 * Membership: how nodes find each other, notice a loss, and become whole again.
 *
 * <p>Nodes join over TCP/IP from a list of addresses; the order of starts does not matter. A node
 * whose peers are not there yet is a cluster of its own and joins theirs within {@code
 * cluster.merge_seconds}. Until every domain is hosted by somebody it reaches it is not ready and
 * says which one is missing. A database given by URL that does not answer yet is waited for.
 *
 * <p>What happens when something is lost, and what is true meanwhile:
 *
 * <ul>
 *   <li><b>A node starts</b>: it answers pings from the moment it has joined, starts its roles,
 *       tells the cluster of all their addresses together, and opens its HTTP port last: when every
 *       other node has answered it, the cluster shows its addresses, and every service has answered
 *       a probe over the bus; from then on it is ready. Where that does not come about it opens
 *       after {@code start.reach_seconds}, not ready.
 *   <li><b>A node is told to stop</b> (SIGTERM): it says that it is not ready, takes its addresses
 *       out of the cluster while still answering, marks HTTP answers {@code Connection: close},
 *       stops listening after {@code drain.notice_millis}, ends what is under way within {@code
 *       drain.deadline_millis} and leaves. A client that goes elsewhere on {@code Connection:
 *       close} or a refused connection notices nothing.
 *   <li><b>A node is killed</b>: its sockets close, and its addresses are gone within a second or
 *       so. Calls it was working on end with GATEWAY_TIMEOUT after the send timeout ({@code
 *       http.call_timeout_millis}); new ones go to the others. Of a host that vanishes without
 *       closing anything the same is true after {@code cluster.heartbeat_timeout_seconds}.
 *   <li><b>The network is cut</b>: each side goes on with the nodes it has. A side without some
 *       domain is not ready and answers SERVICE_UNAVAILABLE for it. Money and messages are safe:
 *       they are rows, no side keeps truth in the cluster. Once the cut heals the sides join within
 *       {@code cluster.merge_seconds} and a moment.
 *   <li><b>A connection works one way only</b>: the node that hears a peer without getting answers
 *       is not ready after three pings, and says so; three pings from the first one it hears, as a
 *       node that is starting, or goes on after a pause, was asked before it could answer. One that
 *       neither hears nor is answered, though membership lists the peer, waits until a dead peer
 *       would have been removed. A peer that others miss as well is its own problem. When pings are
 *       answered again the node is ready.
 *   <li><b>Redis stops</b>: caches miss, limits are counted per node, operations whose limit must
 *       not fail open (payments) answer SERVICE_UNAVAILABLE, idempotency is left to the rows'
 *       unique keys. Flushed, it is filled anew. Nodes stay ready.
 *   <li><b>MySQL stops</b>: nodes are not ready ({@code database}); what needs it answers
 *       SERVICE_UNAVAILABLE or GATEWAY_TIMEOUT. Once it is back the pool connects by itself.
 * </ul>
 *
 * <p>Measured on two shared cores by {@code ClusterLifeTest}, {@code ClusterCutTest} and {@code
 * ClusterTest}: a killed node's addresses are gone after 0.4 s, and the last call that fails begins
 * 0.15 to 0.3 s after the kill; a frozen one is forgotten after 9 to 11 s with heartbeats of 10 s
 * and is back 3 s after it goes on (merging every 3 s); a cut that closes connections parts two
 * nodes in 0.4 s, a silent one in 3 to 4 s with heartbeats of 3 s, and they are one again 0.1 to 2
 * s after it heals (merging every 2 s); a one-way connection is noticed after three pings. A node
 * ends 1.5 s after SIGTERM, 1 s of it for the others to hear of it. In 30 restarts of one of three
 * nodes, one after the other with six clients, none of 62,357 requests failed; the slowest took 1.4
 * s on a machine whose two cores others loaded tenfold.
 *
 * <p>Hazelcast has two delays that would undo this: five minutes until separated halves look for
 * each other, and ten minutes that leaving may take; {@link Clustering} sets both.
 */
package com.sharestack.platform.cluster;
