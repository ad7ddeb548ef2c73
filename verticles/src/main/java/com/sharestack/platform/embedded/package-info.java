/**
 * The database and the Redis that ShareStack brings along, so that one command starts everything on
 * a bare machine.
 *
 * <p>Everything listens on loopback only. Blocking code: it runs on the main thread before Vert.x
 * starts and after it has stopped. With URLs of external services set, nothing here unpacks or
 * starts anything.
 */
package com.sharestack.platform.embedded;
