/**
 * What the gateway knows of the contract: its operations, their routes and the shapes of their
 * requests, compiled once at start-up and used on the event loop.
 *
 * <p>Owns no tables, emits no events, knows no domain and no HTTP server. The way of a request
 * through it: {@link com.sharestack.gateway.contract.RouteTable} finds the {@link
 * com.sharestack.gateway.contract.Operation}, {@link com.sharestack.gateway.contract.StrictJson}
 * reads the body, {@link com.sharestack.gateway.contract.Operation#request} checks and normalises
 * parameters and body in one pass, {@link com.sharestack.gateway.contract.ValidationDetails} tells
 * the client what was wrong.
 */
package com.sharestack.gateway.contract;
